-- Undoes the statement that calls it, and tells the caller why: a statement that finds only at its end that nothing of it
-- may stay needs no transaction around it that somebody rolls back.
create function undo(why text) returns text language plpgsql as $$
begin
  raise exception using errcode = 'CHUND', message = why;
end
$$;
