"""Learn from the prepared penguins, try it on those held back, draw what was learned."""

import argparse
import csv
import json
import pathlib

from model import Model
from picture import picture

SPECIES = ("Adelie", "Chinstrap", "Gentoo")


def main():
    options = arguments()
    train, test = read("prepared/train.csv"), read("prepared/test.csv")
    model = Model(SPECIES, [point for _, point in train])
    losses = learn(model, train, options)
    report(model, test)
    folder = pathlib.Path("output")
    folder.mkdir(exist_ok=True)
    (folder / "penguins.png").write_bytes(picture(model, train + test))
    about = {"species": SPECIES, "means": model.means, "spreads": model.spreads}
    (folder / "model.json").write_text(json.dumps({**about, "weights": model.weights}, indent=1))
    with open(folder / "loss.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("epoch", "loss"), *enumerate(losses, 1)])
    print("output/penguins.png shows it")


def learn(model, rows, options):
    points = [model.scaled(point) for _, point in rows]
    answers = [SPECIES.index(name) for name, _ in rows]
    losses = []
    for epoch in range(1, options.epochs + 1):
        losses.append(model.step(points, answers, options.rate))
        if epoch % max(1, options.epochs // 6) == 0:
            print(f"epoch {epoch:4}: loss {losses[-1]:.4f}", flush=True)
    return losses


def report(model, rows):
    guesses = [(name, model.guess(point)) for name, point in rows]
    right = sum(name == guess for name, guess in guesses)
    print(f"{right} of {len(rows)} penguins it had never seen are told rightly:")
    print(f"{'is':>11} " + " ".join(f"{name:>9}" for name in SPECIES))
    for name in SPECIES:
        counts = [guesses.count((name, guess)) for guess in SPECIES]
        print(f"{name:>11} " + " ".join(f"{count:9}" for count in counts))


def read(path):
    with open(path, newline="", encoding="utf-8") as file:
        return [
            (row["species"], (float(row["bill_length_mm"]), float(row["bill_depth_mm"])))
            for row in csv.DictReader(file)
        ]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=300)
    parser.add_argument("--rate", type=float, default=0.5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
