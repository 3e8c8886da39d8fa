"""A simulated plant: the same people and the same findings, once on paper and once under the rules of a pack.

People are drawn (`people`), what they find is drawn (`findings`), and both are given to two processes. `paper` carries
every finding by hand and keeps a register; `under_rules` sends real commands through the one write path and lets the
real sweep do what is due. Nothing here says how either ends: no figure of an outcome is a parameter.
"""
