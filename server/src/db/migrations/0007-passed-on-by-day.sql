-- What is passed on is added up by day, so that a workspace's total costs days and not messages.
alter table usage_daily add column passed_on_micros bigint not null default 0;
update usage_daily d set passed_on_micros = e.micros
from (
  select workspace_id, counted_on, agent_id, provider, model, payer, sum(cost_micros) as micros
  from usage_events where passed_on group by 1, 2, 3, 4, 5, 6
) e
where d.workspace_id = e.workspace_id and d.day = e.counted_on and d.agent_id = e.agent_id
  and d.provider = e.provider and d.model = e.model and d.payer = e.payer;
create index usage_daily_passed_on on usage_daily (workspace_id) include (passed_on_micros) where passed_on_micros > 0;
