#!/bin/sh
# Can this node serve its clients? 0 means yes, anything else no.
#
# The daemon waits one second for the answer (timeout 1): nothing in here may
# take longer than that, not even all of it together.

# There is a process.
pgrep -x haproxy > /dev/null || exit 1

# It answers. A process that hangs is still there; only an answer tells.
code=$(curl -s -o /dev/null -w '%{http_code}' --max-time 0.5 http://127.0.0.1/health)
[ "$code" = 200 ] || exit 1

# It has a web server to send clients to: the 18th column of its statistics is
# the status. Without a socket this cannot be asked, and HAProxy has just
# answered: no reason to give the address away.
socket=/run/haproxy/admin.sock
[ -S "$socket" ] || exit 0
count=$(echo "show stat" | socat -t 0.3 stdio "$socket" |
    awk -F , '$2 != "FRONTEND" && $2 != "BACKEND" && $18 ~ /^UP/ { n++ } END { print n + 0 }')
[ "$count" -gt 0 ] || exit 1
