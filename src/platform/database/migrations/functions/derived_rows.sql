-- What of a row the acts answer for. Nothing personal: a digest stands for what is, and for what is long.
create function image_of(o organisation) returns jsonb language sql stable as $$
  select to_jsonb(o) || jsonb_build_object('key', o.id)
$$;
create function image_of(o office) returns jsonb language sql stable as $$
  select to_jsonb(o) || jsonb_build_object('key', o.id)
$$;
create function image_of(g office_grant) returns jsonb language sql stable as $$
  select to_jsonb(g) || jsonb_build_object('key', g.id)
$$;
create function image_of(p proxy) returns jsonb language sql stable as $$
  select to_jsonb(p) || jsonb_build_object('key', p.id)
$$;
create function image_of(h head) returns jsonb language sql stable as $$
  select to_jsonb(h) - 'display_name' || jsonb_build_object('key', h.id,
    'name', encode(sha256(convert_to(concat_ws('|', h.id, h.display_name), 'UTF8')), 'hex'))
$$;
create function image_of(c school_class) returns jsonb language sql stable as $$
  select to_jsonb(c) - '{name,former_names,head_teacher}'::text[] || jsonb_build_object('key', c.id,
    'name', encode(sha256(convert_to(concat_ws('|', c.id, c.name, c.former_names), 'UTF8')), 'hex'),
    'teacher', encode(sha256(convert_to(concat_ws('|', c.id, c.head_teacher), 'UTF8')), 'hex'))
$$;
create function image_of(e enrolment) returns jsonb language sql stable as $$
  select to_jsonb(e) - 'class_name' || jsonb_build_object('key', e.id,
    'class', encode(sha256(convert_to(concat_ws('|', e.id, e.class_name), 'UTF8')), 'hex'))
$$;
create function image_of(p policy) returns jsonb language sql stable as $$
  select to_jsonb(p) - '{content,document,whole}'::text[] || jsonb_build_object('key', p.id || '/' || p.version,
    'values', encode(sha256(convert_to(concat_ws('|', p.content, p.document, p.whole), 'UTF8')), 'hex'))
$$;
create function image_of(v calendar_version) returns jsonb language sql stable as $$
  select to_jsonb(v) - '{days,notice,notice_url}'::text[] || jsonb_build_object('key', v.id,
    'days', encode(sha256(convert_to(concat_ws('|', v.days, v.notice, v.notice_url), 'UTF8')), 'hex'))
$$;
create function image_of(v code_set_version) returns jsonb language sql stable as $$
  select to_jsonb(v) - '{entries,document}'::text[] || jsonb_build_object('key', v.id,
    'values', encode(sha256(convert_to(concat_ws('|', v.entries, v.document), 'UTF8')), 'hex'))
$$;
create function image_of(p person) returns jsonb language sql stable as $$
  select jsonb_build_object('key', p.id, 'disabled_at', p.disabled_at, 'entered_in', p.entered_in,
    'password_once_until', p.password_once_until, 'name', encode(sha256(convert_to(concat_ws('|', p.id, p.display_name), 'UTF8')), 'hex'),
    'sign_in', encode(sha256(convert_to(concat_ws('|', p.username, p.password_hash, p.subject_hash), 'UTF8')), 'hex'))
$$;
create function image_of(a service_account) returns jsonb language sql stable as $$
  select to_jsonb(a) - 'key_hash' || jsonb_build_object('key', a.person_id,
    'secret', encode(sha256(convert_to(concat_ws('|', a.person_id, a.key_hash), 'UTF8')), 'hex'))
$$;
create function image_of(s student) returns jsonb language sql stable as $$
  select jsonb_build_object('key', s.id, 'merged_into', s.merged_into,
    'identity', encode(sha256(convert_to(concat_ws('|', s.number_index, s.document_type, s.document_index, s.name_index), 'UTF8')), 'hex'))
$$;

create function image_of(c certificate) returns jsonb language sql stable as $$
  select to_jsonb(c) - 'says_cipher' || jsonb_build_object('key', c.id)
$$;

create function derived_rows(stream text, owners uuid[]) returns table (id uuid, derived jsonb) language plpgsql stable security definer
  set search_path = public, pg_temp set timezone = 'UTC' as $$
  #variable_conflict use_column
  declare
    mine constant xid := pg_current_xact_id_if_assigned()::xid;
  begin
    case stream
      when 'organisation' then return query
        select w.owner, jsonb_object_agg(w.name, w.images) from (
          select x.id as owner, 'organisation' as name, jsonb_agg(image_of(x) order by x.id) as images from organisation x
            where x.id = any(owners) and x.xmin = mine group by 1
          union all
          select x.school_id as owner, 'school_class' as name, jsonb_agg(image_of(x) order by x.id) as images from school_class x
            where x.school_id = any(owners) and x.xmin = mine group by 1
          union all
          select x.organisation_id as owner, 'office' as name, jsonb_agg(image_of(x) order by x.id) as images from office x
            where x.organisation_id = any(owners) and x.xmin = mine group by 1
          union all
          select x.organisation_id as owner, 'office_grant' as name, jsonb_agg(image_of(x) order by x.id) as images from office_grant x
            where x.organisation_id = any(owners) and x.xmin = mine group by 1
          union all
          select x.organisation_id as owner, 'proxy' as name, jsonb_agg(image_of(x) order by x.id) as images from proxy x
            where x.organisation_id = any(owners) and x.xmin = mine group by 1
          union all
          select x.organisation_id as owner, 'head' as name, jsonb_agg(image_of(x) order by x.id) as images from head x
            where x.organisation_id = any(owners) and x.xmin = mine group by 1) w group by 1;
      when 'student' then return query
        select w.owner, jsonb_object_agg(w.name, w.images) from (
          select x.id as owner, 'student' as name, jsonb_agg(image_of(x) order by x.id) as images from student x
            where x.id = any(owners) and x.xmin = mine group by 1
          union all
          select x.student_id as owner, 'enrolment' as name, jsonb_agg(image_of(x) order by x.id) as images from enrolment x
            where x.student_id = any(owners) and x.xmin = mine group by 1
          union all
          select x.student_id as owner, 'certificate' as name, jsonb_agg(image_of(x) order by x.id) as images from certificate x
            where x.student_id = any(owners) and x.xmin = mine group by 1) w group by 1;
      when 'policy' then return query
        select w.owner, jsonb_object_agg(w.name, w.images) from (
          select x.id::uuid as owner, 'policy' as name, jsonb_agg(image_of(x) order by x.version) as images from policy x
            where x.id = any(owners::text[]) and x.xmin = mine group by 1) w group by 1;
      when 'calendar' then return query
        select w.owner, jsonb_object_agg(w.name, w.images) from (
          select x.calendar_id as owner, 'calendar_version' as name, jsonb_agg(image_of(x) order by x.id) as images from calendar_version x
            where x.calendar_id = any(owners) and x.xmin = mine group by 1) w group by 1;
      when 'codeSet' then return query
        select w.owner, jsonb_object_agg(w.name, w.images) from (
          select x.code_set_id as owner, 'code_set_version' as name, jsonb_agg(image_of(x) order by x.id) as images
            from code_set_version x where x.code_set_id = any(owners) and x.xmin = mine group by 1) w group by 1;
      when 'access' then return query
        select w.owner, jsonb_object_agg(w.name, w.images) from (
          select x.id as owner, 'person' as name, jsonb_agg(image_of(x) order by x.id) as images from person x
            where x.id = any(owners) and x.xmin = mine group by 1
          union all
          select x.person_id as owner, 'service_account' as name, jsonb_agg(image_of(x) order by x.person_id) as images
            from service_account x where x.person_id = any(owners) and x.xmin = mine group by 1) w group by 1;
      else return;
    end case;
  end
$$;
comment on function derived_rows is
  'by stream, the rows that the transaction at hand has written, as it leaves them: its act keeps them, and the audit compares';
