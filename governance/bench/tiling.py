"""Tilings made up for measurements and tests: every polygon crooked, none overlapping, no gap between them."""

import numpy as np
import shapely


def tiling(count: int, seed: int, corner=(112.0, 36.0), degrees=1.0):
    """About `count` polygons of 12 vertices each (a lattice whose corners and edges are shaken), as an array, and the
    square number of them. Neighbours share their vertices exactly."""
    side = int(np.ceil(np.sqrt(count)))
    rng = np.random.default_rng(seed)
    step = degrees / side
    # a lattice three times as fine: every edge of a cell has two more vertices, shaken like its corners
    fine = 3 * side + 1
    lattice = np.stack(np.meshgrid(np.arange(fine), np.arange(fine), indexing="ij"), axis=-1) * step / 3
    lattice = (lattice + rng.uniform(-0.1, 0.1, lattice.shape) * step + corner).round(7)
    along = [(n, 0) for n in range(3)] + [(3, n) for n in range(3)]
    along += [(3 - n, 3) for n in range(3)] + [(0, 3 - n) for n in range(4)]
    across, up = np.array(along).T
    starts = 3 * np.arange(side)
    rings = lattice[starts[:, None, None] + across, starts[None, :, None] + up]
    return shapely.polygons(rings.reshape(side * side, len(along), 2))
