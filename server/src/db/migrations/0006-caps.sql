-- Caps on what AI costs, what own keys cost at their providers, and refusals that can be looked up.

-- What the workspace set, in micro-dollars; null takes its plan's usual cap. Free has the operator's trial allowance.
alter table workspaces add column spend_cap_micros bigint check (spend_cap_micros >= 0);
grant update (spend_cap_micros) on workspaces to charlie_app;

alter table usage_metrics
  -- Of ai_cost_micros: the most that the answers now running can cost. value + reserved never passes the cap.
  add column reserved bigint not null default 0 check (reserved >= 0),
  drop constraint usage_metrics_metric_type_check,
  add constraint usage_metrics_metric_type_check
    check (metric_type in ('messages', 'tokens', 'ai_cost_micros', 'own_key_micros', 'agents_created'));

alter table running_answers
  -- The billing period in which it was accepted: all it counts for goes there, though a new one may have begun.
  add column period_start timestamptz,
  add column period_end timestamptz,
  -- What it holds of the cap there; null where the operator does not pay.
  add column reserved_micros bigint check (reserved_micros >= 0),
  -- Whether its cost is passed on, as usage_events has it: settled when it is accepted, whatever plan comes meanwhile.
  add column passed_on boolean not null default false;
update running_answers r set (period_start, period_end) = (select p.period_start, p.period_end from billing_period(r.workspace_id, now()) p);
alter table running_answers alter column period_start set not null, alter column period_end set not null;

alter table usage_events
  -- About what the provider asks of the workspace for its own key; null where it does not pay, or no price is known.
  add column own_key_micros bigint check (own_key_micros >= 0),
  -- The provider did not count (the answer was stopped or cut): the tokens are estimates.
  add column estimated boolean not null default false,
  -- The message was given back, so it is no answered one, but it had cost the operator: that counts for the cap, and is
  -- never passed on.
  add column given_back boolean not null default false check (not given_back or payer = 'operator' and not passed_on);

-- The same, added up by day; known prices only.
alter table usage_daily add column own_key_micros bigint not null default 0;

alter table decisions
  add column status smallint not null default 402 check (status in (402, 429)),
  -- What was asked, in a few words, and the sentence that the answer carried.
  add column asked text not null default '',
  add column detail text not null default '',
  add column helps text[] not null default '{}',
  -- Of a spend cap: what running answers held, and what this one could have cost.
  add column held_micros bigint,
  add column needed_micros bigint;
alter table decisions alter column status drop default, alter column asked drop default,
  alter column detail drop default, alter column helps drop default;
-- The last "no" of a limit.
create index decisions_limit on decisions (workspace_id, limit_name, created_at desc);
create index decisions_created on decisions (created_at);
drop index decisions_workspace;
-- Ids are in the order of time.
create index decisions_newest on decisions (workspace_id, id desc);
