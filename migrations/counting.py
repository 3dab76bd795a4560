"""Triggers that keep matter_count: figures over a million matters are read from it, never counted anew."""

from sqlalchemy import Connection, text

_KEY = "flow, opened_month, area_id, is_open, timeliness"
_ADD = f"""
INSERT INTO matter_count ({_KEY}, n)
VALUES ({{row}}.flow, {{row}}.opened_month, {{row}}.area_id, {{row}}.is_open, {{timeliness}}, 1)
ON CONFLICT ({_KEY}) DO UPDATE SET n = matter_count.n + 1
"""
_TAKE = """
UPDATE matter_count SET n = n - 1
WHERE flow = {row}.flow AND opened_month = {row}.opened_month AND area_id = {row}.area_id
AND is_open = {row}.is_open AND timeliness = {timeliness}
"""
_WATCHED = ("flow", "opened_month", "area_id", "is_open", "on_time")


def install(connection: Connection) -> None:
    """Install the triggers; a migration that rebuilds ``matter`` in batch mode calls this again at its end."""
    for statement in _postgresql() if connection.dialect.name == "postgresql" else _sqlite():
        connection.execute(text(statement))


def _sqlite() -> list[str]:
    add = _ADD.format(row="new", timeliness="ifnull(new.on_time, -1)")
    take = _TAKE.format(row="old", timeliness="ifnull(old.on_time, -1)")
    changed = " OR ".join(f"new.{name} IS NOT old.{name}" for name in _WATCHED)
    return [
        f"CREATE TRIGGER IF NOT EXISTS matter_counted_in AFTER INSERT ON matter BEGIN {add}; END",
        f"CREATE TRIGGER IF NOT EXISTS matter_counted_out AFTER DELETE ON matter BEGIN {take}; END",
        (
            f"CREATE TRIGGER IF NOT EXISTS matter_counted_on AFTER UPDATE OF {', '.join(_WATCHED)} ON matter"
            f" WHEN {changed} BEGIN {take}; {add}; END"
        ),
    ]


def _postgresql() -> list[str]:
    add = _ADD.format(row="new", timeliness="coalesce(new.on_time::int, -1)")
    take = _TAKE.format(row="old", timeliness="coalesce(old.on_time::int, -1)")
    same = " AND ".join(f"old.{name} IS NOT DISTINCT FROM new.{name}" for name in _WATCHED)
    body = (
        f"IF TG_OP = 'UPDATE' THEN IF {same} THEN RETURN NULL; END IF; END IF; "
        f"IF TG_OP <> 'INSERT' THEN {take}; END IF; IF TG_OP <> 'DELETE' THEN {add}; END IF; RETURN NULL;"
    )
    return [
        f"CREATE OR REPLACE FUNCTION count_matter() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
        (
            "CREATE OR REPLACE TRIGGER matter_counted AFTER INSERT OR UPDATE OR DELETE ON matter"
            " FOR EACH ROW EXECUTE FUNCTION count_matter()"
        ),
    ]
