-- What happened to the service itself: backups, restores that were tried, certificates, checks of outside services.
-- Of no workspace, so of no policy: only the operator's role reads and writes it.
create table operations (
  id uuid primary key,
  name text not null check (name in ('backup', 'restore_check', 'certificate', 'doctor')),
  ok boolean not null,
  detail jsonb not null default '{}',
  started_at timestamptz not null,
  ended_at timestamptz not null default now()
);
create index operations_latest on operations (name, ok, ended_at desc);
