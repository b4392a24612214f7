"""Activities: what is on in the community, who comes, and who came. The model package: copy it for a new topic.

Nouns
    Activity     a class, clinic, gala, market … with an audience, a place, a fee, and dates
    Session      one date of it; a *term* activity is enrolled in once for all its sessions (its lessons)
    Enrollment   a resident's claim on places, or on a turn in the waiting list
    RunningOrder the acts of a gala, one after the other; each Act is on the stage when those before it are over
    Draw         the moment at which the list of a date becomes a line, and what it was drawn with
    Stall        one place at a market; an organization has it, and two people count what it brought in
    Attendance   somebody came: an append-only row; a mistake is voided by a second row
    Passage      somebody left, or came back in: append-only, too, and counted in no figure; a child is handed over to a
                 guardian or to a Fetcher, who was named beforehand or written down at the door
Invariants
    No seat is given twice: places are claims on a `capacity` pool owned by the session (a term: by the activity).
    Where seats are given when enrolment closes (`orders`), nobody has one before; by lot, anybody can redo the draw.
    One person has at most one live enrolment in a session, and is counted at most once among those who came.
    A room or an instructor is in one place at a time (`timetable`), when the activity books them.
    人次 (attendances) and 人数 (people served) are two numbers: `queries.attendances`, `queries.people_served`.
    Nothing here knows money or messages: facts (`events.py`) are announced, `reactions` does what follows.

To add a field to an activity: a line in `models.Activity`, one in `forms.ActivityForm` (what it is called, what may be
typed), its name and type in `services.planning.Details` (so that `plan` and `edit` take it), a line in `detail.html`;
then `weiyifang makemigrations activities` and `weiyifang words`. A new kind, audience or cover is one line in its list.
Read on in this order: models, events, rules, queries, services, forms, views.
"""
