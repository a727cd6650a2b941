"""The statements of the campaign room: the only place here that speaks SQL.

`kinds` describes the five kinds of entity once; `entities` adds, reads, lists, edits, archives,
removes and restores any of them; the others hold what only one kind needs.
"""
