#!/usr/bin/env bash
# The life of a student in three parts, against a running `npm start`: a transfer between two provinces, the registration of a new student
# that ends with a student number, and a certificate that is verified. Prints each command and its answer.
#
#   docs/tour.sh [address of the API, by default http://127.0.0.1:3000] [address of the Temporal UI, by default http://127.0.0.1:8233]
#
# Needs bash, curl and Node. Everything it prints can be typed by hand, once `json` is defined as below. It may be run again: a
# student who moved is no longer at the source school, so each run takes another. What is not possible now is told with its blockers.
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
      SCHOOL: source.school.organisation.id,
      DIVISION: source.authority.organisation.code,
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
  curl -s "$API/change-requests/precheck" -H "$AUTH" -H "$JSON" -d @request.json > precheck.json
  ALLOWED=$(json allowed < precheck.json)
  [ "$ALLOWED" = true ] && break
done
if [ "${ALLOWED:-}" != true ]; then
  echo '没有可以转学的学生 No student of the source school can be transferred now. What stands in the way of the last one:' >&2
  json blockers.*.code blockers.*.message blockers.*.remedy < precheck.json >&2 || true
  exit 1
fi

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

say '新生注册：经办人建立招生批次，录入一名新生 Registration: the clerk of the source school opens an intake with a new student'
login "$CLERK"
CLERK_AUTH=$AUTH
# Invented: a number of a division, a day of birth and an order that nobody of the demonstration has, with its check character (GB 11643).
node -e '
  const [division, majorCode] = process.argv.slice(1);
  const day = new Date(Date.UTC(2011, 0, 1 + Math.floor(Math.random() * 360))).toISOString().slice(0, 10);
  const body = division + day.replaceAll("-", "") + String(996 + 2 * Math.floor(Math.random() * 2)).padStart(3, "0");
  const sum = [...body].reduce((all, digit, n) => all + Number(digit) * 2 ** (17 - n), 0);
  const row = {
    document: { type: "residentId", number: body + "10X98765432"[sum % 11] }, name: "沈晓岚", sex: "female", birthDate: day,
    ethnicGroup: "01", majorCode, grade: "2026", studyMode: "fullTime", lengthYears: 3,
    reportedOn: "2026-11-02", enrolledOn: "2026-09-01", expectedLeavingOn: "2029-06-30",
  };
  require("fs").writeFileSync("roster.json", JSON.stringify({ year: 2026, season: "autumn", rows: [row] }));
' "$DIVISION" "$(json enrolment.majorCode < student.json)"
run 'cat roster.json; echo'
run 'curl -s $API/intakes -H "$AUTH" -H "$JSON" -H "idempotency-key: $RANDOM-$RANDOM" -d @roster.json > intake.json'
run 'json intake.number entered.*.state faulty.*.errors < intake.json'
[ "$(json entered.length < intake.json)" = 1 ] || { echo '今天不能注册新生，原因见上 Nobody can be registered today: see the errors above' >&2; exit 1; }

say '提交审核；身份由系统同时核验 Submit it for review; the system authenticates the identity meanwhile'
run 'INTAKE=$(json intake.id < intake.json)'
run "REQUEST=\$(curl -s \$API/intakes/\$INTAKE/submission -H \"\$AUTH\" -H \"\$JSON\" -H \"idempotency-key: \$RANDOM-\$RANDOM\" -d '{\"note\":\"2026年秋季新生，请审核\"}' | json requestId)"
approve '学校审核同意 The reviewer of the school approves' "$SOURCE_REVIEWER" school ''
approve '学籍主管部门审核同意 The competent authority approves' "$SOURCE_AUTHORITY" authority ''

say '已注册：临时学号成为正式学号 Registered: the provisional number has become the student number'
login "$CLERK"
waiting state approved
for _ in $(seq 100); do
  [ "$(curl -s "$API/intakes/$INTAKE/rows" -H "$AUTH" | json items.0.state)" = registered ] && break
  sleep 0.2
done
run 'curl -s $API/intakes/$INTAKE/rows -H "$AUTH" > rows.json'
run 'json items.0.maskedName items.0.state items.0.authentication < rows.json'
run 'STUDENT=$(json items.0.studentId < rows.json)'
run 'curl -s $API/students/$STUDENT/unmaskings -H "$AUTH" -H "$JSON" -H "idempotency-key: $RANDOM-$RANDOM" -d "{\"reason\":\"核对学号\"}" | json studentNumber'

say '毕业证书：哪些毕业生可以出具 A certificate: for which graduates one can be issued, judged by a trial'
run 'curl -s "$API/students?schoolId=$SCHOOL&state=graduated" -H "$AUTH" > graduates.json'
node -e '
  const { items } = JSON.parse(require("fs").readFileSync("graduates.json", "utf8"));
  const trial = { kind: "graduation", dryRun: true, studentIds: items.map(({ id }) => id) };
  require("fs").writeFileSync("trial.json", JSON.stringify(trial));
'
run 'curl -s $API/certificates -H "$AUTH" -H "$JSON" -H "idempotency-key: $RANDOM-$RANDOM" -d @trial.json > tried.json'
run 'json items.*.status items.*.problem.code < tried.json'
GRADUATE=$(node -e '
  const { items } = JSON.parse(require("fs").readFileSync("tried.json", "utf8"));
  console.log(items.find(({ problem }) => !problem)?.studentId ?? "");
')
if [ -n "$GRADUATE" ]; then
  say '出具 Issue it: number, day and digest of what it says'
  printf '{"kind":"graduation","studentIds":["%s"]}' "$GRADUATE" > issue.json
  run 'curl -s $API/certificates -H "$AUTH" -H "$JSON" -H "idempotency-key: $RANDOM-$RANDOM" -d @issue.json > issued.json'
  run 'json items.0.certificate.number items.0.certificate.issuedOn items.0.certificate.saysSha256 < issued.json'
  CERTIFICATE=$(json items.0.certificate.id < issued.json)
else
  say '毕业生均已领证，取其中一份 Every graduate has one already, for the reasons above; one of those:'
  run 'curl -s "$API/certificates?kind=graduation&state=issued&limit=1" -H "$AUTH" > issued.json'
  run 'json items.0.number items.0.issuedOn items.0.saysSha256 < issued.json'
  CERTIFICATE=$(json items.0.id < issued.json)
  GRADUATE=$(json items.0.studentId < issued.json)
fi
run "curl -s \$API/certificates/$CERTIFICATE/pdf -H \"\$AUTH\" -o certificate.pdf; head -c 8 certificate.pdf; echo"

say '核验证书：编号、证件号码、姓名均须一致 Anybody verifies it by number, document and name, all exact; any other value has the one answer'
run "curl -s \$API/certificates/$CERTIFICATE -H \"\$AUTH\" > certificate.json"
run "curl -s \$API/students/$GRADUATE/unmaskings -H \"\$AUTH\" -H \"\$JSON\" -H \"idempotency-key: \$RANDOM-\$RANDOM\" -d '{\"reason\":\"核对证书信息\"}' > numbers.json"
node -e '
  const read = (file) => JSON.parse(require("fs").readFileSync(file, "utf8"));
  const { documentNumber } = read("numbers.json");
  const { name } = read("graduates.json").items.find(({ id }) => id === process.argv[1]);
  const right = { certificateNumber: read("certificate.json").number, documentNumber, name };
  require("fs").writeFileSync("right.json", JSON.stringify(right));
  require("fs").writeFileSync("wrong.json", JSON.stringify({ ...right, name: "张三" }));
' "$GRADUATE"
run 'curl -s $API/verifications -H "$JSON" -d @right.json; echo'
run 'curl -s $API/verifications -H "$JSON" -d @wrong.json; echo'
