"""Take out what was not measured, mix, and keep some penguins back for the test."""

import argparse
import collections
import csv
import pathlib
import random

COLUMNS = ("species", "bill_length_mm", "bill_depth_mm")


def main():
    options = arguments()
    with open(options.data, newline="", encoding="utf-8") as file:
        rows = [{name: row[name] for name in COLUMNS} for row in csv.DictReader(file)]
    whole = [row for row in rows if "NA" not in row.values()]
    print(f"{len(rows)} penguins, {len(rows) - len(whole)} of them not measured")
    random.Random(options.seed).shuffle(whole)
    held = round(len(whole) * options.hold_back)
    folder = pathlib.Path("prepared")
    folder.mkdir(exist_ok=True)
    for name, part in (("test", whole[:held]), ("train", whole[held:])):
        write(folder / f"{name}.csv", part)
        kinds = collections.Counter(row["species"] for row in part)
        print(f"{name:>6}: {len(part):3}  {dict(sorted(kinds.items()))}")


def write(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default="data/penguins.csv")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--hold-back", type=float, default=0.25, help="share for the test")
    return parser.parse_args()


if __name__ == "__main__":
    main()
