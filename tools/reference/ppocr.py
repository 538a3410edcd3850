"""What the reference reads in page.png and in pictures made of it, for server/src/test/resources/ppocr.

usage: ppocr.py .models/photos/page.png > server/src/test/resources/ppocr/rapidocr.json
       needs rapidocr-onnxruntime==1.4.4 and opencv-python==4.13.0.*: OpenCV 5 warps and so reads a little differently
"""

import json
import sys

import cv2
from rapidocr_onnxruntime import RapidOCR

reader = RapidOCR()
page = cv2.imread(sys.argv[1])
pictures = {
    "as it is": page,
    "upside down": cv2.rotate(page, cv2.ROTATE_180),
    "a quarter to the right": cv2.rotate(page, cv2.ROTATE_90_CLOCKWISE),
    "a flat strip": page[10:36, :300].copy(),
    "repeated beyond 2000": cv2.repeat(page, 1, 6),
}
cases = []
for name, picture in pictures.items():
    found, _ = reader(picture)
    cases.append({
        "picture": name,
        "lines": [{"corners": [x for corner in corners for x in corner], "text": text, "score": round(score, 6)}
                  for corners, text, score in found or []],
    })
json.dump({"made_with": "rapidocr-onnxruntime 1.4.4, OpenCV 4.13.0", "cases": cases}, sys.stdout, ensure_ascii=False, indent=1)
