"""Turn the drawn tile maps into data, and propose a drawing for a region that has none.

    python directory/reference/build_tiles.py                    # tile_layouts.txt -> tiles.tsv, region_tiles.tsv
    python directory/reference/build_tiles.py --propose SE/14    # print a layout to start from
    python directory/reference/build_tiles.py --svg DIR          # also draw every map into DIR to look at

``tile_layouts.txt`` is the source: a person can read and change it. A proposal is found by simulated annealing over
``positions.tsv`` (approximate latitude and longitude of each municipality's seat), from a fixed seed. The cost of a
placement says what a reader expects of a map: who lies north of whom and west of whom, near pairs weighing most, and
everybody near their own place. Distances may lie; directions should not.
"""

from __future__ import annotations

import argparse
import csv
import math
import random
from pathlib import Path

HERE = Path(__file__).parent
KM_PER_DEGREE = 111.2
MAX_COLUMNS = 9
ANCHOR_WEIGHT = 0.35
GAP_WEIGHT = 0.9
STEPS_PER_TILE = 2500

Cell = tuple[int, int]  # row, column, both from 1
Point = tuple[float, float]  # kilometres east, kilometres south of an arbitrary origin


def read(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def layouts() -> dict[str, dict[str, Cell]]:
    """Map code ("SE" or "SE/14") -> name of region or municipality -> cell."""
    drawn: dict[str, dict[str, Cell]] = {}
    cells: dict[str, Cell] = {}
    row = 0
    for line in (HERE / "tile_layouts.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith("["):
            cells, row = drawn.setdefault(line[1 : line.index("]")], {}), 0
            continue
        row += 1
        for column, cell in enumerate(line.split("|"), start=1):
            name = cell.strip()
            if name in cells:
                raise ValueError(f"{name} is drawn twice in one map")
            if name != ".":
                cells[name] = (row, column)
    return drawn


def project(places: dict[str, tuple[float, float]]) -> dict[str, Point]:
    """Latitude and longitude -> kilometres."""
    middle = sorted(lat for lat, _ in places.values())[len(places) // 2]
    scale = KM_PER_DEGREE * math.cos(math.radians(middle))
    return {code: (lon * scale, -lat * KM_PER_DEGREE) for code, (lat, lon) in places.items()}


def spread(values: dict[str, float], length: int) -> dict[str, float]:
    """Half true to scale, half evenly spread: crowded suburbs get room, empty inland does not. 1..length."""
    low, high = min(values.values()), max(values.values())
    order = sorted(values, key=values.__getitem__)
    last = max(len(order) - 1, 1)
    return {
        code: 1 + (length - 1) * (0.4 * (values[code] - low) / ((high - low) or 1) + 0.6 * rank / last)
        for rank, code in enumerate(order)
    }


class Placement:
    """One region on a grid of ``rows`` by ``columns``, improved by exchanging two cells at a time."""

    def __init__(self, points: dict[str, Point], rows: int, columns: int) -> None:
        self.codes = sorted(points)
        self.rows, self.columns = rows, columns
        x = spread({code: point[0] for code, point in points.items()}, columns)
        y = spread({code: point[1] for code, point in points.items()}, rows)
        self.anchor = [(y[code], x[code]) for code in self.codes]
        near = self._nearest(points)
        size = len(self.codes)
        self.pairs: list[list[tuple[int, float, float, float]]] = [[] for _ in range(size)]
        for a in range(size):
            for b in range(size):
                if a == b:
                    continue
                east = points[self.codes[b]][0] - points[self.codes[a]][0]
                south = points[self.codes[b]][1] - points[self.codes[a]][1]
                distance = math.hypot(east, south) or 1e-6
                closeness = min(near[a], near[b]) / distance
                self.pairs[a].append((b, south / distance, east / distance, closeness**1.5))
        order = sorted(range(size), key=lambda i: self.anchor[i][0])
        self.at: list[Cell] = [(0, 0)] * size
        per_row = math.ceil(size / rows)
        for start in range(0, size, per_row):
            row = sorted(order[start : start + per_row], key=lambda i: self.anchor[i][1])
            for column, index in enumerate(row, start=1):
                self.at[index] = (start // per_row + 1, column)

    def _nearest(self, points: dict[str, Point]) -> list[float]:
        """The distance to the third nearest, so that a lonely pair does not outweigh everybody."""
        result = []
        for code in self.codes:
            distances = sorted(math.dist(points[code], points[other]) for other in self.codes if other != code)
            result.append(distances[min(2, len(distances) - 1)])
        return result

    def cost_of(self, index: int) -> float:
        row, column = self.at[index]
        wanted_row, wanted_column = self.anchor[index]
        cost = ANCHOR_WEIGHT * ((row - wanted_row) ** 2 + (column - wanted_column) ** 2)
        for other, south, east, weight in self.pairs[index]:
            down, right = self.at[other][0] - row, self.at[other][1] - column
            length = math.hypot(down, right)
            cost += weight * (1 - (down * south + right * east) / length + 0.12 * length)
        return cost

    def gaps(self) -> int:
        """Empty cells with tiles on both sides in their row or column: holes in the map."""
        taken = set(self.at)
        holes = 0
        for row in range(1, self.rows + 1):
            for column in range(1, self.columns + 1):
                if (row, column) in taken:
                    continue
                west = any((row, c) in taken for c in range(1, column))
                east = any((row, c) in taken for c in range(column + 1, self.columns + 1))
                north = any((r, column) in taken for r in range(1, row))
                south = any((r, column) in taken for r in range(row + 1, self.rows + 1))
                holes += (west and east) + (north and south)
        return holes

    def total(self) -> float:
        return sum(self.cost_of(i) for i in range(len(self.codes))) + GAP_WEIGHT * self.gaps()

    def improve(self, rng: random.Random) -> float:
        size = len(self.codes)
        cells = [(r, c) for r in range(1, self.rows + 1) for c in range(1, self.columns + 1)]
        holder: dict[Cell, int | None] = dict.fromkeys(cells)
        for index, cell in enumerate(self.at):
            holder[cell] = index
        steps = STEPS_PER_TILE * size
        best, best_at, current = self.total(), list(self.at), self.total()
        for step in range(steps):
            heat = 2.0 * (1 - step / steps) ** 2 + 1e-3
            a, cell = rng.randrange(size), rng.choice(cells)
            b, old = holder[cell], self.at[a]
            if b == a:
                continue
            moved = [a] if b is None else [a, b]
            # With b on a's cell the pair's own term counts twice on both sides, so the difference stays right.
            before = sum(self.cost_of(i) for i in moved) + (GAP_WEIGHT * self.gaps() if b is None else 0)
            self.at[a] = cell
            if b is not None:
                self.at[b] = old
            after = sum(self.cost_of(i) for i in moved) + (GAP_WEIGHT * self.gaps() if b is None else 0)
            if after <= before or rng.random() < math.exp((before - after) / heat):
                holder[cell], holder[old] = a, b
                current += after - before
                if step > steps * 0.6 and current < best - 1e-9:
                    best, best_at = current, list(self.at)
            else:
                self.at[a] = old
                if b is not None:
                    self.at[b] = cell
        self.at = best_at
        return self.total()


def grids(points: dict[str, Point]) -> list[tuple[int, int]]:
    """Grids near the region's own shape with few empty cells, ``MAX_COLUMNS`` wide at most."""
    count = len(points)
    width = max(p[0] for p in points.values()) - min(p[0] for p in points.values()) or 1
    height = max(p[1] for p in points.values()) - min(p[1] for p in points.values()) or 1
    shape = min(max(width / height, 0.5), 1.6)
    found = []
    for columns in range(1, MAX_COLUMNS + 1):
        for rows in range(1, 12):
            if count <= rows * columns <= max(count * 1.35, count + 2) and 0.6 < (columns / rows) / shape < 1.6:
                found.append((rows, columns))
    return found or [(math.ceil(count / 2), min(2, count))]


def place(points: dict[str, Point]) -> dict[str, Cell]:
    """The best placement over all grids that suit."""
    if len(points) == 1:
        return dict.fromkeys(points, (1, 1))
    best: tuple[float, Placement] | None = None
    for rows, columns in grids(points):
        placement = Placement(points, rows, columns)
        cost = placement.improve(random.Random(f"{rows}x{columns}"))  # noqa: S311
        if best is None or cost < best[0]:
            best = (cost, placement)
    assert best is not None
    return trimmed(dict(zip(best[1].codes, best[1].at, strict=True)))


def trimmed(cells: dict[str, Cell]) -> dict[str, Cell]:
    """The same without empty first rows and columns."""
    top, left = min(r for r, _ in cells.values()), min(c for _, c in cells.values())
    return {code: (r - top + 1, c - left + 1) for code, (r, c) in cells.items()}


def propose(region: str) -> str:
    """A layout of one region ("SE/14") as text for ``tile_layouts.txt``."""
    country, _, code = region.partition("/")
    names = {
        row["municipality_code"]: row["municipality"]
        for row in read("municipalities.tsv")
        if (row["country"], row["region_code"]) == (country, code)
    }
    if not names:
        raise SystemExit(f"{region} is no region in municipalities.tsv")
    positions = {
        row["municipality_code"]: (float(row["latitude"]), float(row["longitude"]))
        for row in read("positions.tsv")
        if row["country"] == country and row["municipality_code"] in names
    }
    at = {cell: names[code] for code, cell in place(project(positions)).items()}
    rows, columns = max(r for r, _ in at), max(c for _, c in at)
    lines = [" | ".join(at.get((r, c), ".") for c in range(1, columns + 1)) for r in range(1, rows + 1)]
    return "\n".join([f"[{region}]", *lines])


def draw(cells: dict[str, Cell]) -> str:
    """One map as SVG: name -> cell."""
    width, height = 130, 40
    parts = [
        f'<g transform="translate({(c - 1) * width},{(r - 1) * height})"><rect width="{width - 3}"'
        f' height="{height - 3}" fill="#dde7e3"/>'
        f'<text x="5" y="24" font-size="13" font-family="sans-serif">{name}</text></g>'
        for name, (r, c) in cells.items()
    ]
    columns, rows = max(c for _, c in cells.values()), max(r for r, _ in cells.values())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{columns * width}" height="{rows * height}">'
        f"{''.join(parts)}</svg>\n"
    )


def write() -> None:
    """tiles.tsv and region_tiles.tsv from the layouts; a region or municipality that is not drawn is an error."""
    drawn = layouts()
    regions: dict[str, str] = {}
    with (HERE / "tiles.tsv").open("w", encoding="utf-8", newline="") as file:
        file.write("region_code\tmunicipality_code\trow\tcolumn\n")
        for row in read("municipalities.tsv"):
            region = f"{row['country']}/{row['region_code']}"
            regions[region] = row["region"]
            tile_row, tile_column = drawn[region][row["municipality"]]
            file.write(f"{region}\t{row['municipality_code']}\t{tile_row}\t{tile_column}\n")
    with (HERE / "region_tiles.tsv").open("w", encoding="utf-8", newline="") as file:
        file.write("region_code\trow\tcolumn\n")
        for region, name in sorted(regions.items()):
            tile_row, tile_column = drawn[region.split("/")[0]][name]
            file.write(f"{region}\t{tile_row}\t{tile_column}\n")


def main() -> None:
    parser = argparse.ArgumentParser(description="Turn the drawn tile maps into data.")
    parser.add_argument("--propose", metavar="REGION", help="print a layout for one region instead")
    parser.add_argument("--svg", type=Path, metavar="DIR", help="also draw every map into this folder")
    options = parser.parse_args()
    if options.propose:
        print(propose(options.propose))
        return
    write()
    if options.svg:
        options.svg.mkdir(parents=True, exist_ok=True)
        for code, cells in layouts().items():
            (options.svg / f"{code.replace('/', '-')}.svg").write_text(draw(cells), encoding="utf-8")


if __name__ == "__main__":
    main()
