#!/usr/bin/env python3
"""Adds to the clips of detections.py the ids that published trackers give to the same boxes; 0 = no id.

usage: ids.py bytetrack CLIP.json...    needs requirements.txt (supervision's ByteTrack, MIT)
       ids.py botsort CLIP.json...      needs requirements-ultralytics.txt. ultralytics is AGPL-3.0: it is run here to
                                        record numbers, none of its code is used or copied

Both are set to the values of onnx-models.md section 14: high 0.5, low 0.1, new 0.6, buffer 30, match 0.8, fuse score on.
"""
import json
import sys

import numpy as np

from detections import lines


def bytetrack(clip):
    import supervision as sv
    # Its threshold for new tracks is fixed at 0.1 above the one given.
    tracker = sv.ByteTrack(track_activation_threshold=0.5, lost_track_buffer=30, minimum_matching_threshold=0.8,
                           frame_rate=30, minimum_consecutive_frames=1)
    for boxes in clip["frames"]:
        rows = np.array(boxes, np.float32).reshape(-1, 6)
        ids = [0] * len(rows)
        for track in tracker.update_with_tensors(rows[:, :5]):
            # update_with_detections gives the id to the box nearest to the filtered one, in bikes often to the same
            # thing's box under another label. The box that the track really took is the one whose score it has.
            took = np.where(rows[:, 4] == track.score)[0]
            best = took[sv.box_iou_batch(rows[took, :4], track.tlbr[None])[:, 0].argmax()]
            ids[int(best)] = int(track.external_track_id)
        yield ids


class Scripted:
    """Stands where the tracker keeps its optical flow, and tells it how the camera moved."""
    method = "scripted"

    def __init__(self, motions):
        self.motions = iter(motions)

    def apply(self, image, boxes):
        move = next(self.motions)
        return np.array(move).reshape(2, 3) if move else np.eye(2, 3)


def botsort(clip):
    from types import SimpleNamespace
    from ultralytics.engine.results import Boxes
    from ultralytics.trackers.bot_sort import BOTSORT
    tracker = BOTSORT(SimpleNamespace(
        tracker_type="botsort", track_high_thresh=0.5, track_low_thresh=0.1, new_track_thresh=0.6, track_buffer=30,
        match_thresh=0.8, fuse_score=True, gmc_method="none", proximity_thresh=0.5, appearance_thresh=0.25,
        with_reid=False))
    shape = (clip["height"], clip["width"])
    image = None
    if "motions" in clip:
        tracker.gmc, image = Scripted(clip["motions"]), np.zeros((*shape, 3), np.uint8)
    for boxes in clip["frames"]:
        rows = np.array(boxes, np.float32).reshape(-1, 6)
        ids = [0] * len(rows)
        for track in tracker.update(Boxes(rows, shape), image):
            ids[int(track[-1])] = int(track[4])
        yield ids


BY = {
    "bytetrack": (bytetrack, "supervision 0.25.1 (MIT)"),
    "botsort": (botsort, "ultralytics 8.2.103 (AGPL-3.0; run to record these numbers, none of its code is used)"),
}

if __name__ == "__main__":
    which, by = BY[sys.argv[1]]
    for path in sys.argv[2:]:
        with open(path) as file:
            clip = json.load(file)
        clip[sys.argv[1] + "_by"] = by
        clip[sys.argv[1]] = list(which(clip))
        with open(path, "w") as file:
            file.write(lines(clip))
        given = [i for ids in clip[sys.argv[1]] for i in ids if i]
        print(path, len(given), "boxes with an id,", len(set(given)), "ids")
