#!/bin/sh
# Called as: notify-webhook.sh INSTANCE VI_HTTP MASTER 150
# Yours to write: tell http://10.0.9.1:8080/ about it.
