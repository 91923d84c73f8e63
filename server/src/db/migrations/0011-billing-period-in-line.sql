-- PostgreSQL puts a function that returns a table into the statement that calls it. One that returns a record it parses
-- and plans anew for every call, which took as long as all the rest of what accepting a question reads.
drop function billing_period(uuid, timestamptz);
create function billing_period(workspace uuid, at timestamptz)
returns table (period_start timestamptz, period_end timestamptz)
language sql stable as $$
  select
    case when w.period_start <= at and at < w.period_end then w.period_start else m.first end,
    case when w.period_start <= at and at < w.period_end then w.period_end
         else (m.first at time zone 'UTC' + interval '1 month') at time zone 'UTC' end
  from workspaces w,
    (select date_trunc('month', at at time zone 'UTC') at time zone 'UTC' as first) m
  where w.id = workspace
$$;
