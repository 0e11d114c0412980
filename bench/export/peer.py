"""The export of one tenant's day as one writes it in Python: aiohttp, json, pandas and, where it is there, pyarrow.

Reads its input as JSON from standard input, and prints what it came to as JSON. CPU is this process's, user and system, without the time
that it takes to load modules.
"""

import asyncio
import io
import json
import resource
import sys
import time
import xml.etree.ElementTree as ElementTree

import aiohttp
import pandas
import yarl

try:
    import pyarrow
    import pyarrow.parquet
except ImportError:
    pyarrow = None

AT_ONCE = 64
TOKYO = pandas.Timedelta(hours=9)

TEXT, INT32, INT64, TIMESTAMP = "object", "int32", "Int64", "datetime64[ns, UTC]"
TYPES = {
    "tenant_id": TEXT,
    "user_id": TEXT,
    "room_id": TEXT,
    "message_id": TEXT,
    "timestamp": TIMESTAMP,
    "business_date": TEXT,
    "hour": INT32,
    "role": TEXT,
    "content": TEXT,
    "content_length": INT32,
    "has_attachments": "bool",
    "attachment_count": INT32,
    "generated_image_count": INT32,
    "rag_source_count": INT32,
    "agent_mode": TEXT,
    "agent_execution_time_ms": "float64",
    "agent_tokens_used": INT64,
    "attachments": TEXT,
    "generated_images": TEXT,
    "context": TEXT,
    "extra": TEXT,
    "storage_key": TEXT,
}
KNOWN = {
    "message_id",
    "user_id",
    "room_id",
    "timestamp",
    "role",
    "content",
    "attachments",
    "generated_images",
    "context",
    "agent_info",
}


class Container:
    """A container that is read and written with a shared access signature."""

    def __init__(self, session, url, signature):
        self.session, self.url, self.signature = session, url, signature

    def address(self, path, query=""):
        return yarl.URL(f"{self.url}{path}?{query}{self.signature}", encoded=True)

    async def read(self, path, query=""):
        async with self.session.get(self.address(path, query)) as answer:
            answer.raise_for_status()
            return await answer.read()

    async def names(self, prefix):
        marker = ""
        while True:
            query = f"restype=container&comp=list&maxresults=5000&prefix={prefix}&marker={marker}&"
            listing = ElementTree.fromstring(await self.read("", query))
            for name in listing.iterfind("Blobs/Blob/Name"):
                yield name.text
            marker = listing.findtext("NextMarker") or ""
            if not marker:
                return

    async def write(self, path, body):
        headers = {"x-ms-blob-type": "BlockBlob"}
        async with self.session.put(self.address(path), data=body, headers=headers) as answer:
            answer.raise_for_status()


def as_json(value):
    return None if value is None else json.dumps(value, ensure_ascii=False)


def row_of(job, key, message):
    context = message.get("context") or {}
    attachments = message.get("attachments") or []
    images = message.get("generated_images") or []
    agent = message.get("agent_info") or {}
    extra = {name: value for name, value in message.items() if name not in KNOWN}
    _, _, user, room, _ = key.split("/", 4)
    return (
        job["tenant"],
        user,
        room,
        message["message_id"],
        message["timestamp"],
        job["date"],
        0,
        message["role"],
        message["content"],
        len(message["content"]),
        bool(attachments),
        len(attachments),
        len(images),
        len(context.get("rag_sources") or []),
        agent.get("mode"),
        agent.get("execution_time_ms"),
        agent.get("tokens_used"),
        as_json(message.get("attachments")),
        as_json(message.get("generated_images")),
        as_json(message.get("context")),
        as_json(extra) if extra else None,
        key,
    )


def is_in_day(job, key):
    """By the key's time: its last four parts are year, month, day and the name that begins with the time of day."""
    year, month, day, name = key.rsplit("/", 3)
    instant = f"{year[-4:]}-{month}-{day}T{name[:12]}"
    return job["begin"] <= instant < job["end"]


async def read_room(container, job, room, rows):
    for folder in job["folders"]:
        prefix = f"{job['tenant']}/chat/{room}/messages/{folder}/"
        async for key in container.names(prefix):
            if is_in_day(job, key):
                rows.append(row_of(job, key, json.loads(await container.read(f"/{key}"))))


async def read_rooms(container, job):
    rows = []
    rooms = iter(job["rooms"])

    async def worker():
        for room in rooms:
            await read_room(container, job, room, rows)

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    rows.sort(key=lambda row: row[-1])
    return rows


def frame_of(rows):
    columns = dict(zip(TYPES, map(list, zip(*rows))))
    instants = pandas.to_datetime(pandas.Series(columns["timestamp"]), utc=True, format="%Y-%m-%dT%H:%M:%S.%fZ")
    columns["timestamp"] = instants
    columns["hour"] = (instants + TOKYO).dt.hour
    frame = pandas.DataFrame(columns)
    return frame.astype(TYPES)


def parquet_of(frame):
    arrow = {
        TEXT: pyarrow.string(),
        INT32: pyarrow.int32(),
        INT64: pyarrow.int64(),
        TIMESTAMP: pyarrow.timestamp("ms", tz="UTC"),
        "bool": pyarrow.bool_(),
        "float64": pyarrow.float64(),
    }
    types = {name: arrow[kind] for name, kind in TYPES.items()}
    types["business_date"] = pyarrow.date32()
    frame["business_date"] = pandas.to_datetime(frame["business_date"]).dt.date
    table = pyarrow.Table.from_pandas(frame, schema=pyarrow.schema(list(types.items())), preserve_index=False)
    file = io.BytesIO()
    pyarrow.parquet.write_table(table, file, compression="zstd")
    return file.getvalue()


async def export(job):
    connector = aiohttp.TCPConnector(limit=AT_ONCE)
    headers = {"x-ms-version": "2026-04-06"}
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
        container = Container(session, job["url"], job["signature"])
        frame = frame_of(await read_rooms(container, job))
        if pyarrow is not None:
            await container.write(f"/{job['output']}", parquet_of(frame))
        return len(frame)


def cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    job = json.load(sys.stdin)
    cpu, begun = cpu_seconds(), time.perf_counter()
    messages = asyncio.run(export(job))
    taken = {"seconds": time.perf_counter() - begun, "cpuSeconds": cpu_seconds() - cpu}
    print(json.dumps({"messages": messages, **taken}))


main()
