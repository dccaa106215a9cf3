"""The pages on which a town is set up: from the list of divisions to its grids, each step left and taken up at will."""
