#!/bin/bash
# The values of the published text.
STATE=$1
LOG=/var/log/keepalived-state.log

echo "$(date '+%Y-%m-%d %H:%M:%S') $(hostname) state: $STATE" >> "$LOG"
logger -t keepalived-notify "$(hostname) state: $STATE"

case "$STATE" in
MASTER) echo "master: start services, update DNS, call the webhook" ;;
BACKUP) echo "backup: stop services" ;;
FAULT) echo "fault: call somebody" ;;
*) echo "unknown state: $STATE" ;;
esac
