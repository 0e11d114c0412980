"""Messages to Parquet in Python: json, pandas and pyarrow, as a program of that kind is written with care.

python3 peer.py FOLDER OUT: reads the bodies and keys before it is measured, encodes once to warm up and once to be measured, and prints
{"ms", "cpuMs"} as JSON. Without pyarrow it ends with the DataFrame, and OUT is not written.
"""

import gc
import json
import os
import sys
import time
from datetime import date

import pandas as pd

try:
    import pyarrow as pa
    import pyarrow.parquet as pq
except ImportError:
    pa = None

TENANT = "bench"
BUSINESS_DATE = date(2025, 8, 11)
ZONE = "Asia/Tokyo"

TYPES = {
    "tenant_id": "string",
    "user_id": "string",
    "room_id": "string",
    "message_id": "string",
    "timestamp": "timestamp",
    "business_date": "date",
    "hour": "int32",
    "role": "string",
    "content": "string",
    "content_length": "int32",
    "has_attachments": "bool",
    "attachment_count": "int32",
    "generated_image_count": "int32",
    "rag_source_count": "int32",
    "agent_mode": "string",
    "agent_execution_time_ms": "double",
    "agent_tokens_used": "int64",
    "attachments": "string",
    "generated_images": "string",
    "context": "string",
    "extra": "string",
    "storage_key": "string",
}

KNOWN = {
    "message_id", "user_id", "room_id", "timestamp", "role", "content",
    "agent_info", "attachments", "generated_images", "context",
}  # fmt: skip

# What a DataFrame would guess otherwise, or guess anew each day.
FRAME_TYPES = {
    "has_attachments": "bool",
    "attachment_count": "int32",
    "generated_image_count": "int32",
    "rag_source_count": "int32",
    "agent_execution_time_ms": "float64",
    "agent_tokens_used": "Int64",
}


def text_of(value):
    return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def row_of(key, user, room, body):
    message = json.loads(body)
    agent = message.get("agent_info") or {}
    attachments = message.get("attachments")
    images = message.get("generated_images")
    context = message.get("context")
    extra = None
    if not message.keys() <= KNOWN:
        extra = {name: value for name, value in message.items() if name not in KNOWN}
    return (
        TENANT,
        message.get("user_id") or user,
        message.get("room_id") or room,
        message["message_id"],
        message["timestamp"],
        BUSINESS_DATE,
        message["role"],
        message["content"],
        bool(attachments),
        len(attachments or ()),
        len(images or ()),
        len((context or {}).get("rag_sources") or ()),
        agent.get("mode"),
        agent.get("execution_time_ms"),
        agent.get("tokens_used"),
        text_of(attachments),
        text_of(images),
        text_of(context),
        text_of(extra),
        key,
    )


DERIVED = ("hour", "content_length")
GIVEN = [name for name in TYPES if name not in DERIVED]


def frame_of(messages):
    frame = pd.DataFrame.from_records([row_of(*message) for message in messages], columns=GIVEN)
    frame = frame.astype(FRAME_TYPES)
    frame["timestamp"] = pd.to_datetime(frame["timestamp"], utc=True)
    frame["hour"] = frame["timestamp"].dt.tz_convert(ZONE).dt.hour.astype("int32")
    frame["content_length"] = frame["content"].str.len().astype("int32")
    return frame[list(TYPES)]


def schema_of():
    types = {
        "string": pa.string(),
        "timestamp": pa.timestamp("ms", tz="UTC"),
        "date": pa.date32(),
        "int32": pa.int32(),
        "int64": pa.int64(),
        "double": pa.float64(),
        "bool": pa.bool_(),
    }
    return pa.schema([(name, types[kind]) for name, kind in TYPES.items()])


def encode(messages, out):
    frame = frame_of(messages)
    if pa is not None:
        table = pa.Table.from_pandas(frame, schema=schema_of(), preserve_index=False)
        pq.write_table(table, out, compression="zstd")


def read_messages(folder):
    with open(os.path.join(folder, "bodies.ndjson"), "rb") as file:
        bodies = file.read().splitlines()
    with open(os.path.join(folder, "keys.txt"), encoding="utf-8") as file:
        keys = file.read().splitlines()
    parts = (key.split("/") for key in keys)
    return [(key, part[2], part[3], body) for key, part, body in zip(keys, parts, bodies)]


def main(folder, out):
    messages = read_messages(folder)
    encode(messages, out)
    gc.collect()
    cpu = time.process_time()
    begun = time.perf_counter()
    encode(messages, out)
    taken = {"ms": (time.perf_counter() - begun) * 1000, "cpuMs": (time.process_time() - cpu) * 1000}
    print(json.dumps(taken))


main(*sys.argv[1:])
