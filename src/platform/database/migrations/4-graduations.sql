-- Leaving 毕业 and 结业: what a school submits for a class or for one conversion, with its students. Kept for ever; no row is removed.

create table graduation (
  id uuid primary key,
  school_id uuid not null references organisation,
  code text not null,
  purpose text not null check (purpose in ('class', 'conversion')),
  class_id uuid references school_class,
  leaving_on date not null,
  request_id uuid references change_request,
  drawn_up_at timestamptz not null,
  submitted_at timestamptz,
  completed_on date,
  overdue_told_at timestamptz,
  last_seq int not null default 0,
  unique (school_id, code)
);
create index graduation_of_school on graduation (school_id, drawn_up_at, id);
create unique index graduation_by_request on graduation (request_id) where request_id is not null;
create index graduation_to_complete on graduation (leaving_on) where completed_on is null and overdue_told_at is null;

create table graduation_member (
  id uuid primary key,
  graduation_id uuid not null references graduation,
  student_id uuid not null references student,
  enrolment_id uuid not null references enrolment,
  outcome text not null check (outcome in ('graduated', 'completed', 'advanced', 'discontinued')),
  leaving_on date not null,
  early text check (early in ('enlistment')),
  assessment_passed_on date,
  state text not null check (state in ('listed', 'leftOut', 'returned', 'heldBack', 'withdrawn', 'effected', 'undone')),
  cause text,
  effected_at timestamptz,
  late boolean not null default false,
  unique (graduation_id, student_id)
);
create index graduation_member_to_effect on graduation_member (graduation_id, leaving_on, id) where state = 'listed';
create index graduation_member_in_order on graduation_member (graduation_id, id);
create index graduation_member_of_student on graduation_member (student_id);
