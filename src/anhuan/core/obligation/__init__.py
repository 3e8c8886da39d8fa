"""Who owes what by when: parties, deadlines, ladders, business calendars."""
