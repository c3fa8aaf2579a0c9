#!/bin/bash
# Can this node serve its clients? 0 means yes.

has_process() {
    pgrep -x haproxy > /dev/null
}

answers() {
    local code
    code=$(curl -s -o /dev/null -w '%{http_code}' --max-time 3 http://127.0.0.1/health)
    [ "$code" = 200 ]
}

# Fails when no web server is left, so that the other node takes over.
has_servers() {
    local socket=/run/haproxy/admin.sock count
    [ -S "$socket" ] || return 0
    count=$(echo "show stat" | socat stdio "$socket" 2> /dev/null | cut -d , -f 18 | grep -c UP)
    [ "$count" -gt 0 ]
}

has_process || exit 1
answers || exit 1
has_servers || exit 0 # only a warning
exit 0
