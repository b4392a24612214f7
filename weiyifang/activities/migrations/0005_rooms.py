from django.db import migrations

from weiyifang.core.ids import new_id
from weiyifang.timetable.rooms import room_id

TO_COME = """
SELECT s.community_id, s.id, coalesce(nullif(s.place, ''), a.place), a.books_place, s.starts_at, s.ends_at
FROM activities_session s JOIN activities_activity a ON a.community_id = s.community_id AND a.id = s.activity_id
WHERE s.state = 'planned' AND s.ends_at > now()
ORDER BY a.books_place DESC, s.starts_at, s.id
"""
RELEASE = """
UPDATE timetable_allocation SET state = 'released'
WHERE community_id = %(community)s AND source = %(source)s AND subject_kind = 'place'
"""
TAKE = """
INSERT INTO timetable_allocation
    (id, community_id, subject_kind, subject_id, is_shared, during, buffered, source, state)
VALUES (%(id)s, %(community)s, 'place', %(room)s, %(shared)s, tstzrange(%(starts)s, %(ends)s),
    tstzrange(%(starts)s, %(ends)s), %(source)s, 'confirmed')
ON CONFLICT ON CONSTRAINT allocation_one_at_a_time DO NOTHING
"""


def take_rooms(apps, schema_editor):
    """Let every date to come take its room, under the one form of its name; first those that have it for themselves.

    Where two have met in a room already, the one that comes second here takes none, and `weiyifang verify` names it.
    """
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(TO_COME)
        dates = cursor.fetchall()
        for community, pk, *_rest in dates:
            cursor.execute(RELEASE, {"community": community, "source": f"activities.session:{pk}"})
        for community, pk, place, alone, starts, ends in dates:
            values = {"id": new_id(), "community": community, "room": room_id(community, place), "shared": not alone}
            values |= {"starts": starts, "ends": ends, "source": f"activities.session:{pk}"}
            cursor.execute(TAKE, values)


class Migration(migrations.Migration):
    dependencies = [("activities", "0004_sequence"), ("timetable", "0002_shared")]

    operations = [migrations.RunPython(take_rooms, migrations.RunPython.noop)]
