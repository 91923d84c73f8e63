-- Whether this person lets us count what they do here, and since when; null: not asked, or not answered yet.
alter table users add column analytics_consent boolean, add column analytics_decided_at timestamptz;
