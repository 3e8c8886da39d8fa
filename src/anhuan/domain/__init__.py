"""The trade's words as frozen values: ids, time, place, person, plant, evidence. Pure."""
