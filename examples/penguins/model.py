"""Softmax regression: three straight lines that part three species, learned step by step."""

import math


class Model:
    """`weights` holds (bias, weight of each feature) of each species, for scaled features."""

    def __init__(self, species, points):
        self.species = species
        columns = list(zip(*points))
        self.means = [sum(column) / len(column) for column in columns]
        self.spreads = [
            math.sqrt(sum((x - mean) ** 2 for x in column) / len(column))
            for column, mean in zip(columns, self.means)
        ]
        self.weights = [[0.0] * (len(columns) + 1) for _ in species]

    def scaled(self, point):
        features = [(x - m) / s for x, m, s in zip(point, self.means, self.spreads)]
        return [1.0, *features]

    def chances(self, features):
        """How likely each species is; `features` as `scaled` gives them."""
        scores = [sum(w * x for w, x in zip(row, features)) for row in self.weights]
        powers = [math.exp(score - max(scores)) for score in scores]
        return [power / sum(powers) for power in powers]

    def guess(self, point):
        chances = self.chances(self.scaled(point))
        return self.species[chances.index(max(chances))]

    def step(self, points, answers, rate):
        """Go downhill once; the loss before it."""
        loss = 0.0
        slopes = [[0.0] * len(row) for row in self.weights]
        for features, answer in zip(points, answers):
            chances = self.chances(features)
            loss -= math.log(chances[answer])
            for number, chance in enumerate(chances):
                off = chance - (number == answer)
                for place, x in enumerate(features):
                    slopes[number][place] += off * x
        for row, slope in zip(self.weights, slopes):
            for place, value in enumerate(slope):
                row[place] -= rate * value / len(points)
        return loss / len(points)
