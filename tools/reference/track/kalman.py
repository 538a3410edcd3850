#!/usr/bin/env python3
"""Records what the published trackers' filters believe, step by step, about one box.

usage: kalman.py OUT.json      needs requirements-ultralytics.txt (AGPL-3.0: run to record numbers; none of its code is used)
"""
import json
import random
import sys

import numpy as np
from ultralytics.trackers.basetrack import TrackState
from ultralytics.trackers.bot_sort import BOTrack
from ultralytics.trackers.byte_tracker import STrack
from ultralytics.trackers.utils.kalman_filter import KalmanFilterXYAH, KalmanFilterXYWH


def record(kind, filtering, moving):
    dice = random.Random(3)
    box = [100.0, 80.0, 160.0, 230.0]
    track = make(kind, box)
    track.activate(filtering(), 1)
    steps = [step("begin", track, box)]
    for number in range(2, 22):
        box = [round(4 * (v + d + dice.gauss(0, 1.5))) / 4 for v, d in zip(box, (3, 1, 3.4, 1.8))]
        lost = 9 <= number < 13
        kind.multi_predict([track])
        steps.append(step("lost" if track.state == TrackState.Lost else "predict", track))
        if moving:
            move = [1.002, -0.01, dice.uniform(-9, 9), 0.01, 1.002, dice.uniform(-9, 9)]
            kind.multi_gmc([track], np.array(move).reshape(2, 3))
            steps.append(step("move", track, move))
        if lost:
            track.mark_lost()
        else:
            track.update(make(kind, box), number)
            steps.append(step("update", track, box))
    return steps


def make(kind, box):
    x1, y1, x2, y2 = box
    return kind(np.array([(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1, 0]), 0.9, 0)


def step(do, track, with_=()):
    return {"do": do, "with": list(with_), "mean": track.mean.tolist(), "variances": np.diag(track.covariance).tolist()}


with open(sys.argv[1], "w") as file:
    made = {
        "about": "Steps and states of the filters of ultralytics 8.2.103. Made by tools/reference/track/kalman.py.",
        "XYAH": record(STrack, KalmanFilterXYAH, False),
        "XYWH": record(BOTrack, KalmanFilterXYWH, True),
    }
    parts = [f"{json.dumps(k)}: " + (json.dumps(v) if k == "about" else
             "[\n" + ",\n".join(json.dumps(s, separators=(",", ":")) for s in v) + "\n]") for k, v in made.items()]
    file.write("{\n" + ",\n".join(parts) + "\n}\n")
