#!/usr/bin/env bash
# A transfer between two provinces, from the filing to the dossier, against a running `npm start`. Prints each command and its answer.
#
#   docs/tour.sh [address of the API, by default http://127.0.0.1:3000] [address of the Temporal UI, by default http://127.0.0.1:8233]
#
# Needs bash, curl and Node. Everything it prints can be typed by hand, once `json` is defined as below. It may be run again: a
# student who moved is no longer at the source school, so each run takes another.
set -euo pipefail

API=${1:-http://127.0.0.1:3000}/api/v1
UI=${2:-http://127.0.0.1:8233}
FOLDER=$(mktemp -d)
trap 'rm -rf "$FOLDER"' EXIT
cd "$FOLDER"

# Shows members of a JSON answer by their paths: `items.0.id`, `steps.*.state`, `items.[requestId=…].id`.
json() {
  node -e '
    const at = (value, [key, ...rest]) => {
      if (key === undefined || value == null) return value;
      if (key === "*") return value.map((one) => at(one, rest));
      const [, name, wanted] = /^\[(.+?)=(.*)\]$/.exec(key) ?? [];
      return at(name ? value.find((one) => one[name] === wanted) : value[key], rest);
    };
    const answer = JSON.parse(require("fs").readFileSync(0, "utf8"));
    const refused = answer.code && answer.status >= 400 && !answer.allowed;
    if (refused) console.error(JSON.stringify(answer, null, 2));
    const show = (value) => (typeof value === "string" ? value : JSON.stringify(value));
    const paths = process.argv.slice(1);
    for (const path of refused ? [] : paths)
      console.log((paths.length > 1 ? path + ": " : "") + show(at(answer, path.split("."))));
    if (refused) process.exit(1);
  ' "$@"
}

say() { printf '\n# %s\n' "$*"; }
# Prints a command as it would be typed, then runs it here.
run() {
  printf '$ %s\n' "$1"
  eval "$1"
}

curl -fsS -o demo.json "$API/demo" || { echo "No demonstration at $API: is \`npm start\` running?" >&2; exit 1; }

# Two vocational schools in different provinces (the first two digits of a code) with a clerk, reviewers, and reviewers of their authorities.
choose() {
  node -e '
    const { accounts, students } = JSON.parse(require("fs").readFileSync("demo.json", "utf8"));
    const at = (id, office) => accounts.find((one) => one.organisation.id === id && one.office === office);
    const sides = accounts
      .filter(({ office, organisation: o }) => office === "schoolReviewer" && o.level === "school" && o.type !== "ordinaryMiddle")
      .map((school) => ({ school, clerk: at(school.organisation.id, "schoolClerk"), authority: at(school.organisation.parentId, "authorityReviewer") }))
      .filter(({ clerk, authority }) => clerk && authority);
    const province = (side) => side.school.organisation.code.slice(0, 2);
    const active = ({ school }) => students.filter((one) => one.schoolId === school.organisation.id && one.state === "active");
    const source = sides.find((side) => active(side).length > 0);
    const destination = sides.find((side) => province(side) !== province(source));
    const chosen = {
      CLERK: source.clerk.username,
      SOURCE_REVIEWER: source.school.username,
      DESTINATION_CLERK: destination.clerk.username,
      DESTINATION_REVIEWER: destination.school.username,
      SOURCE_AUTHORITY: source.authority.username,
      DESTINATION_AUTHORITY: destination.authority.username,
      PASSWORD: source.clerk.password,
      DESTINATION: destination.school.organisation.id,
      STUDENTS: active(source).map(({ id }) => id).join(" "),
    };
    for (const [name, value] of Object.entries(chosen)) console.log(`${name}=${JSON.stringify(value)}`);
    const told = [source.clerk, source.school, destination.clerk, destination.school, source.authority, destination.authority];
    require("fs").writeFileSync("told.txt", told.map((a) => `#   ${a.username}: ${a.office}, ${a.organisation.name}`).join("\n") + "\n");
  '
}
eval "$(choose)"

# Logs in as $1, as a person would.
login() {
  run "TOKEN=\$(curl -s \$API/sessions -H \"\$JSON\" -d '{\"username\":\"$1\",\"password\":\"$PASSWORD\"}' | json token)"
  run 'AUTH="authorization: Bearer $TOKEN"'
}
# Waits until member $1 of the request is $2, as the source school sees it; half a minute at most.
waiting() {
  for _ in $(seq 300); do
    [ "$(curl -s "$API/change-requests/$REQUEST" -H "$CLERK_AUTH" | json "$1")" = "$2" ] && return
    sleep 0.1
  done
  echo "After 30 seconds $1 is not $2" >&2
  exit 1
}
# Reviewer $2 finds the task of step $3 in the inbox and approves it, with the data $4 if any; $1 says who that is.
approve() {
  say "$1"
  waiting currentTasks.0.step "$3"
  login "$2"
  run 'curl -s "$API/tasks?limit=200" -H "$AUTH" | json items.[requestId=$REQUEST] > task.json'
  run 'json number maskedName capacity dueDate overdue < task.json'
  printf '{"verdict":"approve","opinion":"材料齐全，同意。","version":%s%s}' "$(json version < task.json)" "$4" > decision.json
  run 'cat decision.json; echo'
  run 'curl -s $API/tasks/$(json id < task.json)/decision -H "$AUTH" -H "$JSON" -H "idempotency-key: $RANDOM-$RANDOM" -d @decision.json | json state verdict decidedAt'
}

say '接口地址 The address of the API'
run "API=$API"
run "JSON='content-type: application/json'"

say '演示账号 The demonstration has an account for every office; these six carry the transfer:'
cat told.txt
run 'curl -s $API/demo | json accounts.length students.length'

say '经办人登录 Log in as the clerk of the source school'
login "$CLERK"
CLERK_AUTH=$AUTH
run 'curl -s $API/me -H "$AUTH" | json displayName offices.*.office offices.*.organisation.name'

say '上传证明材料 Upload evidence (PDF, JPEG or PNG)'
run "printf '%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n' > proof.pdf"
run 'EVIDENCE=$(curl -s $API/evidence -H "$AUTH" -F file=@proof.pdf | json id)'

for STUDENT in $STUDENTS; do
  printf '{"kind":"transfer","studentId":"%s","details":{"destinationSchoolId":"%s"},"evidenceIds":["%s"],"reason":"家庭迁居"}' \
    "$STUDENT" "$DESTINATION" "$EVIDENCE" > request.json
  ALLOWED=$(curl -s "$API/change-requests/precheck" -H "$AUTH" -H "$JSON" -d @request.json | json allowed)
  [ "$ALLOWED" = true ] && break
done
[ "${ALLOWED:-}" = true ] || { echo 'No student of the source school can be transferred now: npm run reset' >&2; exit 1; }

say '预检：不能办理的全部原因 Dry run: every reason why the request could not be filed now'
run 'cat request.json; echo'
run 'curl -s $API/change-requests/precheck -H "$AUTH" -H "$JSON" -d @request.json; echo'

say '发起转学 File the transfer; with its key, a request that is sent twice is filed once'
run 'KEY="idempotency-key: $RANDOM-$RANDOM"'
run 'REQUEST=$(curl -s $API/change-requests -H "$AUTH" -H "$JSON" -H "$KEY" -d @request.json | json id)'
run 'curl -s $API/change-requests -H "$AUTH" -H "$JSON" -H "$KEY" -d @request.json | json number state steps.*.id steps.*.organisation.name'

say '学生的年级和专业 Grade and major of the student'
run 'curl -s $API/students/$(json studentId < request.json) -H "$AUTH" > student.json'
run 'json enrolment.grade enrolment.majorCode < student.json'

approve '转出学校同意 The reviewer of the source school approves' "$SOURCE_REVIEWER" sourceSchool ''
CLASS="转入$RANDOM班"
say '转入学校建立班级 The clerk of the destination school opens a class of that grade and major'
login "$DESTINATION_CLERK"
printf '{"name":"%s","grade":"%s","majorCode":"%s","headTeacher":"王秀英","size":45}' \
  "$CLASS" "$(json enrolment.grade < student.json)" "$(json enrolment.majorCode < student.json)" > class.json
run 'cat class.json; echo'
run "curl -s \$API/schools/$DESTINATION/classes -H \"\$AUTH\" -H \"\$JSON\" -H \"idempotency-key: \$RANDOM-\$RANDOM\" -d @class.json | json name openedOn students"

approve '转入学校同意并编班 The reviewer of the destination school approves and places the student' "$DESTINATION_REVIEWER" destinationSchool ",\"data\":{\"className\":\"$CLASS\"}"
approve '转出方主管部门同意 The competent authority of the source school approves' "$SOURCE_AUTHORITY" sourceAuthority ''
approve '转入方主管部门同意 The competent authority of the destination school approves' "$DESTINATION_AUTHORITY" destinationAuthority ''

say '已生效：两校分别向两省备案 In effect: each school has given notice to both provinces'
waiting state approved
login "$DESTINATION_REVIEWER"
run 'curl -s $API/change-requests/$REQUEST -H "$AUTH" > request.json'
run 'json number state timeline.*.kind notices.*.fromSchool.name notices.*.toProvince.name < request.json'

say '学生已在转入学校，学籍号不变 The student is at the new school, under the same student number'
run 'curl -s $API/students/$(json studentId < request.json)/dossier -H "$AUTH" > dossier.json'
run 'json studentNumber name enrolment.school.name enrolment.className enrolments.*.school.name enrolments.*.state evidence.length < dossier.json'

say '流程记录 The story of the process in Temporal; in a browser:'
printf '#   %s/namespaces/default/workflows/transfer%%2F%s\n' "$UI" "$(json number < request.json)"
run "curl -s $UI/api/v1/namespaces/default/workflows/transfer%2F\$(json number < request.json) | json workflowExecutionInfo.type.name workflowExecutionInfo.status"

say '学生查询本人学籍：学校发给一次性登录码 The student asks for the own dossier, with a one-time code that the school hands out'
run 'STUDENT=$(json studentId < request.json)'
run 'curl -s $API/students/$STUDENT/unmaskings -H "$AUTH" -H "$JSON" -H "idempotency-key: $RANDOM-$RANDOM" -d "{\"reason\":\"核对登录信息\"}" > numbers.json'
login "$DESTINATION_CLERK"
run 'CODE=$(curl -s $API/students/$STUDENT/sign-in-codes -H "$AUTH" -H "$JSON" -H "idempotency-key: $RANDOM-$RANDOM" -d "{\"holder\":\"student\"}" | json code)'
node -e '
  const { documentType, documentNumber, studentNumber } = JSON.parse(require("fs").readFileSync("numbers.json", "utf8"));
  require("fs").writeFileSync("sign-in.json", JSON.stringify({ documentType, documentNumber, studentNumber, code: process.argv[1] }));
' "$CODE"
run 'OWN="authorization: Bearer $(curl -s $API/student-sessions -H "$JSON" -d @sign-in.json | json token)"'
run 'curl -s $API/own-dossier -H "$OWN" > own.json'
run 'json name enrolments.0.state changes.*.kind changes.*.state queries.*.what < own.json'

say '核验：学生把核验码交给用人单位 Verification: the student gives a code, and anybody verifies by it; every wrong value has one answer'
run 'CODE=$(curl -s $API/verification-codes -H "$OWN" -H "$JSON" -d "{\"purpose\":\"enrolment\"}" | json code)'
run 'curl -s $API/verifications -H "$JSON" -d "{\"code\":\"$CODE\",\"name\":\"$(json name < own.json)\"}"; echo'
run 'curl -s $API/verifications -H "$JSON" -d "{\"code\":\"$CODE\",\"name\":\"张三\"}"; echo'
say '核验页面，供浏览器或二维码打开 The page for people, which a QR code opens:'
printf '#   %s/verify#c=%s\n' "${API%/api/v1}" "$CODE"
