"""The bodies that are read and written: what CVAT sends, as JSON bytes, the same in each run.

Rule: fields, their order and their forms are those of recorded answers; sizes are those of ordinary
work, chosen before anything was measured.
"""

from __future__ import annotations

import json
from random import Random
from typing import Final

__all__ = ["shapes", "task", "task_page"]

ORIGIN: Final = "http://localhost:8080"
SEED: Final = 20


def shapes(count: int) -> bytes:
    """What `GET /api/jobs/{id}/annotations/` answers: three rectangles to a polygon.

    :param count: how many.
    """
    random = Random(SEED)  # noqa: S311 - the same data in each run is the point
    drawn = [_shape(random, number) for number in range(1, count + 1)]
    return _json({"version": 0, "tags": [], "shapes": drawn, "tracks": [], "intervals": []})


def task_page(tasks: int, page: int = 2, pages: int = 4) -> bytes:
    """What `GET /api/tasks?page=2` answers.

    :param tasks: how many are on a page.
    :param page: its number.
    :param pages: how many there are.
    """
    newest = (pages - page + 1) * tasks
    return _json(
        {
            "count": pages * tasks,
            "next": f"{ORIGIN}/api/tasks?page={page + 1}" if page < pages else None,
            "previous": f"{ORIGIN}/api/tasks?page={page - 1}" if page > 1 else None,
            "results": [_task(number) for number in range(newest, newest - tasks, -1)],
        }
    )


def task(number: int) -> bytes:
    """What `GET /api/tasks/{id}` answers.

    :param number: the task's id.
    """
    return _json(_task(number))


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _shape(random: Random, number: int) -> dict[str, object]:
    polygon = number % 4 == 0
    corners = random.randint(3, 16) if polygon else 2
    # What is drawn by hand has all the digits of the zoom, what is imported has two decimals.
    digits = 2 if random.random() < 0.5 else 13
    return {
        "id": 1_000 + number,
        "label_id": random.randint(160, 180),
        "type": "polygon" if polygon else "rectangle",
        "frame": number // 10,
        "group": 0,
        "source": "manual" if digits > 2 else "file",
        "score": 1.0,
        "occluded": random.random() < 0.1,
        "outside": False,
        "z_order": random.randint(0, 3),
        "rotation": 0.0 if polygon or number % 8 else 12.5,
        "points": [round(random.uniform(0, 1920), digits) for _ in range(2 * corners)],
        "attributes": _attributes(random) if number % 2 else [],
        "elements": [],
    }


def _attributes(random: Random) -> list[dict[str, object]]:
    return [
        {"spec_id": 15, "value": random.choice(("red", "green", "weiß", "__undefined__"))},
        {"spec_id": 16, "value": random.choice(("true", "false"))},
    ]


def _task(number: int) -> dict[str, object]:
    stored = number % 3 == 0
    return {
        "url": f"{ORIGIN}/api/tasks/{number}",
        "id": number,
        "name": f"crossing {number}, camera {number % 7}",
        "project_id": None if number % 2 else number // 10,
        "project_name": None if number % 2 else f"project {number // 10}",
        "owner": _user(number % 5),
        "assignee": _user(number % 11) if number % 4 else None,
        "bug_tracker": "",
        "created_date": f"2025-05-{number % 28 + 1:02d}T15:35:00.112000Z",
        "updated_date": f"2025-06-{number % 28 + 1:02d}T07:08:46.662000Z",
        "overlap": 0,
        "segment_size": 250,
        "initial_replicas": 0,
        "status": ("annotation", "validation", "completed")[number % 3],
        "data_chunk_size": 72,
        "data_original_chunk_type": "imageset",
        "data_compressed_chunk_type": "imageset",
        "data_cloud_storage_id": None,
        "guide_id": None,
        "size": 250 + number,
        "image_quality": 70,
        "data": number - 1,
        "dimension": "2d",
        "mode": "annotation",
        "media_type": "image",
        "subset": "Train" if number % 2 else "",
        "organization_id": 2,
        "organization": 2,
        "target_storage": _storage(2 * number) if stored else None,
        "source_storage": _storage(2 * number + 1) if stored else None,
        "jobs": {
            "count": 2,
            "completed": number % 2,
            "validation": 0,
            "url": f"{ORIGIN}/api/jobs?task_id={number}",
        },
        "labels": {"url": f"{ORIGIN}/api/labels?task_id={number}"},
        "assignee_updated_date": "2025-06-02T09:12:55.006000Z" if number % 4 else None,
        "validation_mode": "gt" if number % 5 == 0 else None,
        "consensus_enabled": False,
    }


def _user(number: int) -> dict[str, object]:
    return {
        "url": f"{ORIGIN}/api/users/{number + 1}",
        "id": number + 1,
        "username": f"user{number + 1}",
        "first_name": "Käthe",
        "last_name": f"User {number + 1}",
    }


def _storage(number: int) -> dict[str, object]:
    return {"id": number, "location": "local", "cloud_storage_id": None}
