"""From cases to what people read: pure functions of case, events, pack, plant, viewer, moment and language.

shapes    the JSON of the API, as dataclasses
lens      who looks, when, in which language, and what things are called
blind     what the drawn holder of a blind check must not see, in one place
brief, page, timeline, kinds     the views themselves
"""
