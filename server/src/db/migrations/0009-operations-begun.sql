-- An operation is written down when it begins, as one that has not gone well: what a kill or a power cut leaves behind
-- is then known for a failure. Until it ends, ended_at is null.
-- The release before reads only rows that it wrote itself, which all have an end.
-- squawk-ignore ban-drop-not-null
alter table operations alter column ended_at drop not null;
