"""The penguins, and what the model makes of each place."""

from canvas import Canvas

WIDTH, HEIGHT = 1440, 1000
LEFT, RIGHT, TOP, BOTTOM = 100, 40, 150, 110
X, Y = (30.0, 62.0), (12.0, 23.0)  # millimetres
STEP = 8  # dots of one cell of the background
LINE, WORDS, FAINT = (75, 85, 99), (17, 24, 39), 0.14
# Colours that also people who see few of them can tell apart, and a shape for each species.
INK = {"Adelie": (194, 65, 12), "Chinstrap": (124, 58, 237), "Gentoo": (15, 118, 110)}
SHAPES = {"Adelie": Canvas.disc, "Chinstrap": Canvas.triangle, "Gentoo": Canvas.square}


def picture(model, rows):
    """`rows`: (species, (bill length, bill depth)); the bytes of a PNG file."""
    canvas = Canvas(WIDTH, HEIGHT)
    background(canvas, model)
    axes(canvas)
    for name, point in rows:
        x, y = across(point[0]), down(point[1])
        SHAPES[name](canvas, x, y, 6, INK[name])
        if model.guess(point) != name:
            canvas.ring(x, y, 14, WORDS)
    legend(canvas)
    return canvas.png()


def across(length):
    return round(LEFT + (length - X[0]) / (X[1] - X[0]) * (WIDTH - LEFT - RIGHT))


def down(depth):
    return round(HEIGHT - BOTTOM - (depth - Y[0]) / (Y[1] - Y[0]) * (HEIGHT - TOP - BOTTOM))


def background(canvas, model):
    """Each cell in the colour of the species that a penguin there would be taken for."""
    faint = {name: faded(colour) for name, colour in INK.items()}
    for top in range(TOP, HEIGHT - BOTTOM, STEP):
        share = (HEIGHT - BOTTOM - top - STEP / 2) / (HEIGHT - TOP - BOTTOM)
        depth = Y[0] + share * (Y[1] - Y[0])
        for left in range(LEFT, WIDTH - RIGHT, STEP):
            length = X[0] + (left + STEP / 2 - LEFT) / (WIDTH - LEFT - RIGHT) * (X[1] - X[0])
            wide, high = min(STEP, WIDTH - RIGHT - left), min(STEP, HEIGHT - BOTTOM - top)
            canvas.rectangle(left, top, wide, high, faint[model.guess((length, depth))])


def faded(colour):
    return tuple(round(255 - (255 - part) * FAINT) for part in colour)


def axes(canvas):
    low = HEIGHT - BOTTOM
    canvas.rectangle(LEFT, low, WIDTH - LEFT - RIGHT, 2, LINE)
    canvas.rectangle(LEFT - 2, TOP, 2, low - TOP, LINE)
    for length in range(int(X[0]), int(X[1]) + 1, 5):
        canvas.rectangle(across(length), low, 2, 10, LINE)
        canvas.text(across(length) - 17, low + 18, str(length), WORDS)
    for depth in range(int(Y[0]), int(Y[1]) + 1, 2):
        canvas.rectangle(LEFT - 12, down(depth), 10, 2, LINE)
        canvas.text(LEFT - 54, down(depth) - 10, str(depth), WORDS)
    canvas.text((LEFT + WIDTH - RIGHT) // 2 - 150, HEIGHT - 46, "bill length in mm", WORDS)
    canvas.text(20, TOP - 34, "bill depth in mm", WORDS)


def legend(canvas):
    canvas.text(20, 24, "Which penguin is it?", WORDS, size=5)
    for number, name in enumerate(INK):
        x = 480 + 220 * number
        SHAPES[name](canvas, x, TOP - 24, 8, INK[name])
        canvas.text(x + 20, TOP - 34, name, WORDS)
    canvas.ring(1160, TOP - 24, 14, WORDS)
    canvas.text(1186, TOP - 34, "told wrongly", WORDS)
