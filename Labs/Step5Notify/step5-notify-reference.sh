#!/bin/sh
# One line for each call; whatever else is to be done must not depend on being done once.
state=$1
log=/var/log/keepalived-state.log

echo "$(date '+%Y-%m-%d %H:%M:%S') $(hostname) state $state" >> "$log"

case "$state" in
MASTER) echo "this node holds the address now" ;;
BACKUP) echo "this node listens; so it begins, too" ;;
FAULT) echo "this node cannot serve" ;;
STOP) echo "the daemon ends" ;;
*) echo "nothing is to be done for '$state'" ;;
esac
