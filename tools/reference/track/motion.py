#!/usr/bin/env python3
"""Records how the published BoT-SORT thinks the camera moved between two windows of one photo.

usage: motion.py PHOTO.png OUT.json    needs requirements-ultralytics.txt (AGPL-3.0: run to record numbers; none of its code
                                       is used). PHOTO: fixtures/photos/camera_gray.png of the server's test resources
"""
import json
import sys

import cv2
from ultralytics.trackers.utils.gmc import GMC

photo = cv2.imread(sys.argv[1], cv2.IMREAD_COLOR)
height, width = photo.shape[:2]
w, h = width - 40, height - 40
pairs = []
for before, now in (((20, 20), (20, 20)), ((20, 20), (24, 18)), ((20, 20), (27, 29)), ((20, 20), (5, 13)), ((0, 0), (40, 40))):
    flow = GMC(method="sparseOptFlow", downscale=2)
    for x, y in (before, now):
        warp = flow.apply(photo[y : y + h, x : x + w].copy(), [])
    pairs.append({"before": before, "now": now, "motion": warp.ravel().tolist()})
with open(sys.argv[2], "w") as file:
    about = ("Motions between windows of fixtures/photos/camera_gray.png, given by their upper left corners, by the "
             "sparseOptFlow of ultralytics 8.2.103 with OpenCV %s (AGPL-3.0; run to record these numbers, none of its code is "
             "used). Made by tools/reference/track/motion.py." % cv2.__version__)
    rows = ",\n".join(json.dumps(pair) for pair in pairs)
    file.write(f'{{\n"about": {json.dumps(about)},\n"width": {w},\n"height": {h},\n"pairs": [\n{rows}\n]\n}}\n')
