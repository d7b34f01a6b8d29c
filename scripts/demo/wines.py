"""Two hundred wines of a merchant, made up for the demo, as comma-separated values: good ones have more alcohol and
sulphates, and less that is volatile. The same every time."""

import random

COLUMNS = (
    "fixed acidity,volatile acidity,citric acid,residual sugar,chlorides,free sulfur dioxide,"
    "total sulfur dioxide,density,pH,sulphates,alcohol,quality"
)
# Mean and deviation of the columns.
USUAL = [
    (8.3, 1.2), (0.53, 0.1), (0.27, 0.15), (2.5, 0.8), (0.087, 0.02), (16, 8),
    (46, 20), (0.9967, 0.0015), (3.31, 0.12), (0.66, 0.1), (10.4, 0.8),
]  # fmt: skip
# The same of good ones, where it is another.
GOOD = {1: (0.38, 0.08), 2: (0.4, 0.15), 9: (0.78, 0.1), 10: (11.7, 0.8)}

chance = random.Random(7)
print(COLUMNS)
for number in range(200):
    good = number % 4 == 0
    about = [GOOD.get(column, usual) if good else usual for column, usual in enumerate(USUAL)]
    values = [max(0.01, chance.gauss(mean, deviation)) for mean, deviation in about]
    quality = chance.choice([7, 8] if good else [5, 5, 6])
    print(",".join(f"{value:.4f}" for value in values) + f",{quality}")
