"""Compares what a device has reported with what the host saw of the same recording: trip.py device.json host.json"""

import json
import sys

device, host = (json.load(open(path)) for path in sys.argv[1:3])
wrong = [what for what in ("events", "state", "settings") if device[what] != host[what]]
if len(device["frames"]) != len(host["frames"]):
    wrong.append("the number of frames")
for ours, theirs in zip(device["frames"], host["frames"]):
    for what in ("frame", "confidence", "event", "report", "sums"):
        if ours[what] != theirs[what]:
            wrong.append(f"frame {theirs['frame']}: {what}")
if wrong or not device["events"]:
    sys.exit("the device and the host differ: " + "; ".join(wrong[:9]))
print(f"round trip: {len(device['frames'])} reports and {len(device['events'])} events are the host's, field by field")
