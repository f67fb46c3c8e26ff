"""A drawing of things that need one another, from left to right: columns by the longest way, few
crossings, no box on another. Pure: names in, places out."""
