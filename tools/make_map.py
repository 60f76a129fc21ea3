"""Make assets/map.json from Natural Earth's outlines (npm package world-atlas, 1:110 million).

    npm pack world-atlas    (in a scratch folder; unpack it there)
    python tools/make_map.py WORLD_ATLAS_PACKAGE

Countries are grouped into the scenarios' six market regions, Antarctica is dropped, rings are
unwrapped at the 180th meridian, and everything is projected (Natural Earth projection, Šavrič and
others 2011) with its cut in the Bering Strait. The file holds whole numbers on a wide grid.
"""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "assets" / "map.json"
WIDTH = 4000
CENTRAL_MERIDIAN = 11.0
NORTH, SOUTH = 84.0, -57.0
LEAST_AREA = 14.0
"""Rings smaller than this (square grid units) are left out."""

ANTARCTICA = {"010", "260"}
REGIONS = {
    "china": {"156"},
    "india": {"356"},
    "southeast_asia": {
        "096", "104", "116", "360", "418", "458", "608", "626", "702", "704", "764",
    },
    "europe": {
        "008", "040", "056", "070", "100", "112", "191", "196", "203", "208", "233", "246", "250",
        "276", "300", "348", "352", "372", "380", "428", "440", "442", "498", "499", "528", "578",
        "616", "620", "642", "643", "688", "703", "705", "724", "752", "756", "804", "807", "826",
        "Kosovo", "N. Cyprus",
    },
    "north_america": {"124", "840", "630"},
}  # fmt: skip
REST = "row"
WEST_OF_EUROPE = -35.0
ANCHORS = {
    "china": (104.0, 34.5),
    "india": (78.5, 22.5),
    "southeast_asia": (114.0, 0.5),
    "europe": (19.0, 50.5),
    "north_america": (-101.0, 44.0),
    REST: (20.0, 8.0),
}
"""Longitude and latitude of a place on land where a region's name goes."""

PLATES = {**ANCHORS, "india": (79.0, 2.0), "southeast_asia": (112.0, -14.5)}
"""Where the region's name plate goes: small regions have it on the water."""

Point = tuple[float, float]


def project(longitude: float, latitude: float) -> Point:
    """Natural Earth projection, in radians of the equator; y goes down."""
    x, p = math.radians(longitude - CENTRAL_MERIDIAN), math.radians(latitude)
    q = p * p
    wide = 0.8707 + q * (-0.131979 + q * (-0.013791 + q**3 * (0.003971 - 0.001529 * q)))
    high = 1.007226 + q * (0.015085 + q**2 * (-0.044475 + q * (0.028874 - 0.005916 * q)))
    return x * wide, -p * high


def decoded_arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Arcs of a quantised topology as longitudes and latitudes."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        arcs.append(points)
    return arcs


def ring_points(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    """A ring's points: arcs joined, those with a negative number backwards."""
    points: list[Point] = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def unwrapped(points: list[Point]) -> list[Point]:
    """Longitudes without jumps, moved by whole turns to the map's side of the cut."""
    found = [points[0]]
    for x, y in points[1:]:
        while x - found[-1][0] > 180:
            x -= 360
        while x - found[-1][0] < -180:
            x += 360
        found.append((x, y))
    middle = sum(x for x, _ in found) / len(found)
    turn = 360 * round((CENTRAL_MERIDIAN - middle) / 360)
    return [(x + turn, y) for x, y in found]


def rings_of(geometry: dict[str, Any], arcs: list[list[Point]]) -> list[list[Point]]:
    """Outer rings of a country."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return [unwrapped(ring_points(polygon[0], arcs)) for polygon in polygons]


def region_of(geometry: dict[str, Any]) -> str:
    """The market region of a country."""
    keys = {geometry.get("id"), geometry["properties"]["name"]}
    return next((region for region, ids in REGIONS.items() if keys & ids), REST)


def area(points: list[Point]) -> float:
    """Area of a polygon."""
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)) / 2


def make(topology: dict[str, Any]) -> dict[str, Any]:
    """The map: size of the grid, and for each region its rings (flat lists) and its anchor."""
    arcs = decoded_arcs(topology)
    left, right = project(CENTRAL_MERIDIAN - 180, 0)[0], project(CENTRAL_MERIDIAN + 180, 0)[0]
    top, bottom = project(0, NORTH)[1], project(0, SOUTH)[1]
    scale = WIDTH / (right - left)

    def grid(point: Point) -> Point:
        x, y = project(*point)
        return (x - left) * scale, (y - top) * scale

    regions: dict[str, Any] = {
        key: {
            "anchor": [round(v) for v in grid(ANCHORS[key])],
            "plate": [round(v) for v in grid(PLATES[key])],
            "rings": [],
        }
        for key in ANCHORS
    }
    for geometry in topology["objects"]["countries"]["geometries"]:
        if geometry.get("id") in ANTARCTICA:
            continue
        for ring in rings_of(geometry, arcs):
            points = [grid(point) for point in ring]
            if area(points) >= LEAST_AREA:
                region = region_of(geometry)
                if region == "europe" and ring[0][0] < WEST_OF_EUROPE:
                    region = REST  # French Guiana
                flat = [round(value) for point in points for value in point]
                regions[region]["rings"].append(flat)
    return {"width": WIDTH, "height": round((bottom - top) * scale), "regions": regions}


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("package", type=Path, help="unpacked npm package world-atlas")
    args = parser.parse_args()
    topology = json.loads((args.package / "countries-110m.json").read_text(encoding="utf-8"))
    made = make(topology)
    text = json.dumps(made, separators=(",", ":"))
    OUT.write_text(text + "\n", encoding="utf-8")
    counts = {key: len(region["rings"]) for key, region in made["regions"].items()}
    print(f"{OUT.name}: {len(text) / 1024:.0f} KiB, {made['width']}×{made['height']}, {counts}")


if __name__ == "__main__":
    main()
