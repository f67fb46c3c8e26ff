"""The penguins and what the model makes of each place, as SVG."""

WIDTH, HEIGHT = 720, 500
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 56, 60
X, Y = (30.0, 62.0), (12.0, 23.0)  # millimetres
STEP = 6  # pixels of one cell of the background
# Colours that also people who see few of them can tell apart, and a shape for each species.
INK = {"Adelie": "#c2410c", "Chinstrap": "#7c3aed", "Gentoo": "#0f766e"}
SHAPES = {
    "Adelie": '<circle cx="{x:.1f}" cy="{y:.1f}" r="3.4" {ink}/>',
    "Chinstrap": '<path d="M{x:.1f} {y:.1f}m0 -4.4l4 7.4h-8z" {ink}/>',
    "Gentoo": '<path d="M{x:.1f} {y:.1f}m-3.2 -3.2h6.4v6.4h-6.4z" {ink}/>',
}


def picture(model, rows):
    """`rows`: (species, (bill length, bill depth))."""
    parts = [*_background(model), *_axes()]
    parts += [_point(name, point, model.guess(point) != name) for name, point in rows]
    parts += _legend()
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
    head += f' width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="13">'
    paper = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>'
    return "\n".join([head, paper, *parts, "</svg>", ""])


def _across(length):
    return LEFT + (length - X[0]) / (X[1] - X[0]) * (WIDTH - LEFT - RIGHT)


def _down(depth):
    return HEIGHT - BOTTOM - (depth - Y[0]) / (Y[1] - Y[0]) * (HEIGHT - TOP - BOTTOM)


def _background(model):
    """Each row of cells in as few rectangles as it has species in it."""
    for top in range(TOP, HEIGHT - BOTTOM, STEP):
        depth = Y[0] + (HEIGHT - BOTTOM - top - STEP / 2) / (HEIGHT - TOP - BOTTOM) * (Y[1] - Y[0])
        begins = LEFT
        while begins < WIDTH - RIGHT:
            name, ends = _guess(model, begins, depth), begins + STEP
            while ends < WIDTH - RIGHT and _guess(model, ends, depth) == name:
                ends += STEP
            wide, high = min(ends, WIDTH - RIGHT) - begins, min(STEP, HEIGHT - BOTTOM - top)
            place = f'x="{begins}" y="{top}" width="{wide}" height="{high}"'
            yield f'<rect {place} fill="{INK[name]}" fill-opacity="0.13"/>'
            begins = ends


def _guess(model, left, depth):
    length = X[0] + (left + STEP / 2 - LEFT) / (WIDTH - LEFT - RIGHT) * (X[1] - X[0])
    return model.guess((length, depth))


def _axes():
    low, line = HEIGHT - BOTTOM, 'stroke="#4b5563"'
    yield f'<path d="M{LEFT} {TOP}V{low}H{WIDTH - RIGHT}" fill="none" {line}/>'
    for length in range(int(X[0]), int(X[1]) + 1, 5):
        x = _across(length)
        yield f'<path d="M{x:.1f} {low}v5" {line}/>'
        yield f'<text x="{x:.1f}" y="{low + 20}" text-anchor="middle">{length}</text>'
    for depth in range(int(Y[0]), int(Y[1]) + 1, 2):
        y = _down(depth)
        yield f'<path d="M{LEFT} {y:.1f}h-5" {line}/>'
        yield f'<text x="{LEFT - 9}" y="{y + 4:.1f}" text-anchor="end">{depth}</text>'
    middle = (LEFT + WIDTH - RIGHT) / 2
    yield f'<text x="{middle}" y="{HEIGHT - 14}" text-anchor="middle">bill length in mm</text>'
    turned = f'transform="translate(20 {(TOP + low) / 2}) rotate(-90)"'
    yield f'<text {turned} text-anchor="middle">bill depth in mm</text>'


def _point(name, point, wrong):
    x, y = _across(point[0]), _down(point[1])
    shape = SHAPES[name].format(x=x, y=y, ink=f'fill="{INK[name]}"')
    ring = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="none" stroke="#111827"/>'
    return shape + ring if wrong else shape


def _legend():
    yield f'<text x="{LEFT}" y="24" font-size="16" font-weight="bold">Which penguin is it?</text>'
    for number, name in enumerate(INK):
        x = LEFT + 6 + 100 * number
        yield SHAPES[name].format(x=x, y=42, ink=f'fill="{INK[name]}"')
        yield f'<text x="{x + 11}" y="46">{name}</text>'
    x = LEFT + 6 + 100 * len(INK)
    yield f'<circle cx="{x}" cy="42" r="7" fill="none" stroke="#111827"/>'
    yield f'<text x="{x + 13}" y="46">told wrongly</text>'
