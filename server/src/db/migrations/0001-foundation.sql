-- The first tables. Conventions: ids are UUIDv7 made by the app; times are timestamptz; money is bigint micro-dollars.
-- The owner of these tables (the role in DATABASE_URL) sees everything: jobs, sync and the operator's pages.
-- The app answers requests as charlie_app, which has no BYPASSRLS and owns nothing: policies decide what it sees.

do $$
begin
  if not exists (select from pg_roles where rolname = 'charlie_app') then
    create role charlie_app nologin nobypassrls;
  end if;
  -- The connecting role must be able to act as charlie_app; a superuser can anyway.
  if not pg_has_role(current_user, 'charlie_app', 'member') then
    execute format('grant charlie_app to %I', current_user);
  end if;
exception when duplicate_object or unique_violation then
  -- Two databases of one server were migrated at once; the role is there.
  null;
end $$;

grant usage on schema public to charlie_app;

-- The workspace that the transaction acts in; null (so: nothing is visible) outside withWorkspace().
-- A pooled connection reads '' after a transaction-local setting ended, hence nullif.
create function current_workspace() returns uuid language sql stable
  as $$ select nullif(current_setting('app.workspace_id', true), '')::uuid $$;

-- Months. messages and usage_events grow for ever, so each month has a partition of its own. Their keys are UUIDv7, which
-- begin with the time in ms: ranges of the key are ranges of time, and keys stay unique over all partitions.

-- The lowest UUIDv7 of a moment: an id of this moment or later is not below it, an earlier one is.
create function first_id(at timestamptz) returns uuid language sql immutable strict parallel safe
  as $$ select (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid $$;

-- The month that an id was made in, as its first day.
create function month_of(id uuid) returns date language sql immutable strict parallel safe
  as $$ select date_trunc('month', timestamp 'epoch'
    + ('x' || replace(left(id::text, 13), '-', ''))::bit(48)::bigint * interval '1 millisecond')::date $$;

-- charlie_app has no access to this schema: it reaches the rows through the tables above, where the policies are.
create schema partitions;

-- Makes one month's partitions where they are missing. What the net (the default partition, which takes rows of wrong
-- clocks) had caught of that month moves into them; fails while an answer among it still runs.
create function make_month(month date) returns void language plpgsql as $$
declare
  parent text;
  part text;
  starts constant uuid := first_id(month::timestamp at time zone 'UTC');
  ends constant uuid := first_id((month + interval '1 month') at time zone 'UTC');
  key constant jsonb := '{"messages": "id", "usage_events": "message_id"}';
begin
  -- Any constant will do; one maker at a time.
  perform pg_advisory_xact_lock(727002);
  foreach parent in array array['messages', 'usage_events'] loop
    part := parent || to_char(month, '_YYYY_MM');
    continue when to_regclass('partitions.' || part) is not null;
    -- First the lock that keeps everybody out, then those that making a partition takes on the tables around it.
    execute format('lock table only public.%I in access exclusive mode', parent);
    execute format('lock table partitions.%I in access exclusive mode', parent || '_default');
    execute format('create temporary table caught on commit drop as select * from partitions.%I where %I >= %L and %2$I < %4$L',
      parent || '_default', key ->> parent, starts, ends);
    execute format('delete from partitions.%I where %I >= %L and %2$I < %4$L', parent || '_default', key ->> parent, starts, ends);
    execute format('create table partitions.%I partition of public.%I for values from (%L) to (%L)', part, parent, starts, ends);
    execute format('insert into public.%I select * from caught', parent);
    drop table caught;
  end loop;
end $$;
revoke execute on function make_month from public;

-- Makes the partitions of last month (for clocks that are behind), this month and so many months ahead.
create function make_months(ahead int) returns void language sql as $$
  select make_month((date_trunc('month', now() at time zone 'UTC') + n * interval '1 month')::date)
  from generate_series(-1, ahead) n
$$;
revoke execute on function make_months from public;

-- Identity: Better Auth's tables. Reached by the operator's handle only; charlie_app has no grant on them.

create table users (
  id uuid primary key,
  name text not null,
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table sessions (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index sessions_user_id on sessions (user_id);

create table accounts (
  id uuid primary key,
  user_id uuid not null references users on delete cascade,
  account_id text not null,
  provider_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  password text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index accounts_user_id on accounts (user_id);

create table verifications (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verifications_identifier on verifications (identifier);

-- Workspaces

create table workspaces (
  id uuid primary key,
  name text not null,
  -- What Stripe says, derived by plan(); only syncSubscription writes it.
  plan text not null default 'free' check (plan in ('free', 'pro', 'team')),
  -- The paid billing period; null on Free, where the period is the UTC month.
  period_start timestamptz,
  period_end timestamptz,
  stripe_customer_id text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check ((period_start is null) = (period_end is null))
);
-- Partial on purpose: changing a column of a full unique index locks the row against foreign keys that point to it, and
-- a request that keeps its idempotency key in an open transaction would then wait for its own checkout.
create unique index workspaces_stripe_customer on workspaces (stripe_customer_id) where stripe_customer_id is not null;

create table members (
  workspace_id uuid not null references workspaces on delete cascade,
  user_id uuid not null references users on delete cascade,
  role text not null check (role in ('owner', 'admin', 'editor', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (workspace_id, user_id)
);
create index members_user_id on members (user_id);

create table audit_log (
  id uuid primary key,
  workspace_id uuid not null references workspaces on delete cascade,
  actor_type text not null check (actor_type in ('user', 'system')),
  -- A user's id, or the name of the job or sync that acted.
  actor_id text not null,
  action text not null,
  subject_id text,
  data jsonb not null default '{}',
  created_at timestamptz not null default now()
);
create index audit_log_workspace on audit_log (workspace_id, created_at desc);

-- Projects and agents. deleted_at makes "Undo" possible; counts and lists leave deleted rows out.

create table projects (
  id uuid primary key,
  workspace_id uuid not null references workspaces on delete cascade,
  name text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  unique (workspace_id, id)
);
create index projects_live on projects (workspace_id, id) where deleted_at is null;

create table agents (
  id uuid primary key,
  workspace_id uuid not null references workspaces on delete cascade,
  project_id uuid not null,
  name text not null,
  flow jsonb not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  last_used_at timestamptz,
  deleted_at timestamptz,
  unique (workspace_id, id),
  -- A composite key, so that no row can point into another workspace.
  foreign key (workspace_id, project_id) references projects (workspace_id, id) on delete cascade
);
create index agents_live on agents (workspace_id, id desc) where deleted_at is null;
create index agents_project on agents (workspace_id, project_id);

-- Chat

create table conversations (
  id uuid primary key,
  workspace_id uuid not null references workspaces on delete cascade,
  agent_id uuid not null,
  title text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, agent_id) references agents (workspace_id, id) on delete cascade
);
create index conversations_recent on conversations (workspace_id, agent_id, updated_at desc, id desc)
  where deleted_at is null;

create table messages (
  id uuid primary key,
  workspace_id uuid not null references workspaces on delete cascade,
  conversation_id uuid not null,
  role text not null check (role in ('user', 'assistant')),
  text text not null,
  state text not null check (state in ('complete', 'answering', 'stopped', 'failed')),
  -- For an answer: the question it belongs to, and the UTC day on which it was counted (and is given back).
  reply_to uuid,
  counted_on date,
  failure jsonb,
  trace jsonb,
  feedback jsonb,
  -- Set when the question was asked again or edited: the conversation no longer shows it.
  replaced_at timestamptz,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations (workspace_id, id) on delete cascade,
  check ((role = 'assistant') = (reply_to is not null and counted_on is not null)),
  -- Who reads a conversation need not look into the months before it began, whatever the servers' clocks said.
  check (id > conversation_id)
) partition by range (id);
create index messages_conversation on messages (workspace_id, conversation_id, id);
create table partitions.messages_default partition of messages default;

-- Answers that run now. Small and hot: heartbeats and stop requests never touch the wide messages rows.
-- One answer at a time per conversation is the unique key below, on any number of servers.
create table running_answers (
  message_id uuid primary key,
  workspace_id uuid not null references workspaces on delete cascade,
  conversation_id uuid not null unique,
  -- What came so far, for readers on other servers and for what is kept after a stop.
  text text not null default '',
  stop_requested_at timestamptz,
  heartbeat_at timestamptz not null default now(),
  -- Deferred: the place in the conversation is claimed before it is known whether the limit lets the question in.
  -- Without a cascade: a message that moves to another partition is deleted here and inserted there, and an answer that
  -- still runs must not be lost by that (make_month() fails then, and is done again later).
  foreign key (workspace_id, message_id) references messages (workspace_id, id) deferrable initially deferred
);
create index running_answers_heartbeat on running_answers (heartbeat_at);

-- Counting (money.md, section 1)

create table usage_metrics (
  workspace_id uuid not null references workspaces on delete cascade,
  metric_type text not null check (metric_type in ('messages', 'tokens', 'ai_cost_micros', 'agents_created')),
  value bigint not null check (value >= 0),
  period_start timestamptz not null,
  period_end timestamptz not null,
  updated_at timestamptz not null default now(),
  unique (workspace_id, metric_type, period_start)
);

-- The ledger: append-only, one row per answered message.
create table usage_events (
  message_id uuid primary key,
  workspace_id uuid not null references workspaces on delete cascade,
  -- The UTC day whose counter of messages holds it.
  counted_on date not null,
  agent_id uuid not null,
  provider text not null,
  model text not null,
  tokens_in bigint not null check (tokens_in >= 0),
  tokens_out bigint not null check (tokens_out >= 0),
  tokens_cached bigint not null check (tokens_cached >= 0),
  cost_micros bigint not null check (cost_micros >= 0),
  payer text not null check (payer in ('own_key', 'operator', 'nobody')),
  -- The billing period whose counters hold it. Periods overlap when a plan changes, so the time alone does not tell.
  period_start timestamptz not null,
  created_at timestamptz not null default now()
) partition by range (message_id);
create index usage_events_workspace on usage_events (workspace_id, message_id);
create table partitions.usage_events_default partition of usage_events default;

select make_months(2);

-- The ledger added up by day, so that history costs as many rows as it shows, however many messages there were.
create table usage_daily (
  workspace_id uuid not null references workspaces on delete cascade,
  day date not null,
  agent_id uuid not null,
  provider text not null,
  model text not null,
  payer text not null check (payer in ('own_key', 'operator', 'nobody')),
  messages bigint not null,
  tokens_in bigint not null,
  tokens_out bigint not null,
  tokens_cached bigint not null,
  cost_micros bigint not null,
  primary key (workspace_id, day, agent_id, provider, model, payer)
);

-- What the operator's retention setting removed: so many answers of a month, whose ledger rows stay.
create table retired_messages (
  workspace_id uuid not null references workspaces on delete cascade,
  month date not null,
  -- Null from the moment they are out of sight until they are counted and dropped.
  answers bigint,
  retired_at timestamptz not null default now(),
  primary key (workspace_id, month)
);

-- Each "no" of a limit, to be looked up by the id that the 402 carried.
create table decisions (
  id uuid primary key,
  workspace_id uuid not null references workspaces on delete cascade,
  limit_name text not null,
  plan text not null,
  used bigint not null,
  allowed bigint not null,
  resets_at timestamptz,
  next jsonb,
  actor_id text not null,
  created_at timestamptz not null default now()
);
create index decisions_workspace on decisions (workspace_id, created_at desc);

-- The same POST twice does nothing twice. Written in the transaction that does the work.
create table idempotency_keys (
  workspace_id uuid not null references workspaces on delete cascade,
  key text not null,
  -- Method, path and a hash of the body: the same key for something else is an error.
  request_hash text not null,
  status int,
  response jsonb,
  -- For a question: the answer that the second request joins.
  message_id uuid,
  created_at timestamptz not null default now(),
  primary key (workspace_id, key)
);
create index idempotency_keys_created on idempotency_keys (created_at);

-- The workspace's own keys for AI providers, encrypted (AES-256-GCM, key id in front).
create table ai_keys (
  workspace_id uuid not null references workspaces on delete cascade,
  provider text not null check (provider in ('openai', 'anthropic', 'compatible')),
  ciphertext text not null,
  last_four text not null,
  base_url text,
  -- What an OpenAI-compatible server offered when the key was checked; the first is the default.
  models text[] not null default '{}',
  checked_at timestamptz not null default now(),
  primary key (workspace_id, provider)
);

-- Billing (money.md, section 4)

-- One row per workspace that ever paid: what syncSubscription derived from Stripe.
create table subscriptions (
  workspace_id uuid primary key references workspaces on delete cascade,
  stripe_subscription_id text not null unique,
  status text not null,
  plan text not null check (plan in ('free', 'pro', 'team')),
  price_id text not null,
  current_period_start timestamptz not null,
  current_period_end timestamptz not null,
  cancel_at timestamptz,
  -- When the first payment of the open invoice failed: the days of grace count from here.
  past_due_since timestamptz,
  -- What the next renewal costs in cents, discounts included; null where none is coming.
  renewal_cents int,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table billing_events (
  id uuid primary key,
  stripe_event_id text not null unique,
  type text not null,
  stripe_customer_id text,
  payload jsonb not null,
  received_at timestamptz not null default now(),
  processed_at timestamptz,
  attempts int not null default 0,
  error text
);
create index billing_events_open on billing_events (received_at) where processed_at is null;

-- Mail to send, each once: dedupe_key is what it is about. Also what the mail page of a sandbox shows.
create table mails (
  id uuid primary key,
  dedupe_key text not null unique,
  recipient text not null,
  subject text not null,
  text text not null,
  html text not null,
  created_at timestamptz not null default now(),
  sent_at timestamptz
);
create index mails_created on mails (created_at desc);

-- The billing period that `at` falls in: the paid one, else the UTC month.
create function billing_period(workspace uuid, at timestamptz, out period_start timestamptz, out period_end timestamptz)
  language sql stable as $$
  select
    case when w.period_start <= at and at < w.period_end then w.period_start else m.first end,
    case when w.period_start <= at and at < w.period_end then w.period_end
         else (m.first at time zone 'UTC' + interval '1 month') at time zone 'UTC' end
  from workspaces w,
    (select date_trunc('month', at at time zone 'UTC') at time zone 'UTC' as first) m
  where w.id = workspace
$$;

-- Row-level security: one policy per table, all of the same shape.

alter table workspaces enable row level security;
create policy own_workspace on workspaces to charlie_app using (id = current_workspace());
-- plan, period and customer belong to syncSubscription, so the app's role may change the name only.
grant select, update (name, updated_at) on workspaces to charlie_app;

do $$
declare
  name text;
begin
  foreach name in array array['members', 'audit_log', 'projects', 'agents', 'conversations', 'messages', 'running_answers',
    'usage_metrics', 'usage_events', 'usage_daily', 'retired_messages', 'decisions', 'idempotency_keys', 'ai_keys', 'subscriptions']
  loop
    execute format('alter table %I enable row level security', name);
    execute format('create policy own_workspace on %I to charlie_app using (workspace_id = current_workspace())
                    with check (workspace_id = current_workspace())', name);
  end loop;
end $$;

grant select on members, subscriptions, retired_messages to charlie_app;
-- Append-only for the app: no update, no delete.
grant select, insert on audit_log, usage_events, decisions to charlie_app;
grant select, insert, update on projects, agents, conversations, messages, usage_metrics, usage_daily to charlie_app;
grant select, insert, update, delete on running_answers, ai_keys, idempotency_keys to charlie_app;
-- A lock on the workspace row serialises what is counted under it (agents, projects); FOR UPDATE needs an update grant,
-- which the name column above gives.

-- Enqueues a job inside the caller's transaction. charlie_app may do this and nothing else in the queue's schema.
create function enqueue_job(task text, payload json, job_key text default null, run_at timestamptz default null)
  returns void language sql security definer set search_path = pg_catalog, pg_temp as $$
  select graphile_worker.add_job(identifier => task, payload => payload, job_key => enqueue_job.job_key,
    run_at => coalesce(enqueue_job.run_at, now()))
$$;
revoke execute on function enqueue_job from public;
grant execute on function enqueue_job to charlie_app;
