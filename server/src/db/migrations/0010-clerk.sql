-- People whom Clerk signs in, where Clerk's keys are set. Reached by the operator's handle only, as users is.

create table clerk_users (
  -- Clerk's id. The row stays when the person is deleted: Clerk's news come in any order, and late ones bring nobody back.
  clerk_id text primary key,
  -- Null: deleted at Clerk, and here.
  user_id uuid unique references users on delete set null,
  -- How new what we know of them is, by Clerk's clock. 1970: from a session's token only, so any news are newer.
  told_at timestamptz not null
);

-- Sessions that ended at Clerk. Their tokens are believed without asking anybody until they run out, so it is kept here
-- that they must not be.
create table clerk_ended_sessions (
  session_id text primary key,
  ended_at timestamptz not null default now()
);
