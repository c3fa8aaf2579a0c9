/// The configurations of the lab: the first node, the second node, and the capstone, each as published.
enum LabFixtures {
    static let master = #"""
        ! First node: prefers to be the master.
        global_defs {
            router_id LVS_MASTER
            script_user root
            enable_script_security
        }

        vrrp_script chk_haproxy {
            script "/usr/bin/killall -0 haproxy"
            interval 2
            weight -20
            fall 2
            rise 2
        }

        vrrp_script chk_http {
            script "/bin/bash -c 'curl -sf http://127.0.0.1/health'"
            interval 5
            weight -30
            timeout 3
        }

        vrrp_instance VI_1 {
            state MASTER
            interface eth0
            virtual_router_id 51
            priority 150
            advert_int 1
            preempt_delay 10
            authentication {
                auth_type PASS
                auth_pass secret123     # eight characters count
            }
            virtual_ipaddress {
                192.168.1.100/24 dev eth0 label eth0:vip
            }
            track_script {
                chk_haproxy
                chk_http
            }
            notify_master /etc/keepalived/notify.sh MASTER
            notify_backup /etc/keepalived/notify.sh BACKUP
            notify_fault /etc/keepalived/notify.sh FAULT
        }
        """#

    static let backup = #"""
        global_defs {
            router_id LVS_BACKUP
            script_user root
            enable_script_security
        }

        vrrp_script chk_haproxy {
            script "/usr/bin/killall -0 haproxy"
            interval 2
            weight -20
            fall 2
            rise 2
        }

        vrrp_instance VI_1 {
            state BACKUP
            interface eth0
            virtual_router_id 51
            priority 100
            advert_int 1
            nopreempt
            authentication {
                auth_type PASS
                auth_pass secret123
            }
            virtual_ipaddress {
                192.168.1.100/24 dev eth0 label eth0:vip
            }
            track_script {
                chk_haproxy
            }
            notify_master /etc/keepalived/notify.sh MASTER
            notify_backup /etc/keepalived/notify.sh BACKUP
            notify_fault /etc/keepalived/notify.sh FAULT
        }
        """#

    static let capstone = #"""
        global_defs {
            router_id lb1-prod
            script_user keepalived_script
            enable_script_security
            smtp_server 10.0.0.1
            smtp_connect_timeout 30
            notification_email {
                ops-alerts@example.com
            }
            notification_email_from keepalived@lb1.prod.example.com
        }

        vrrp_script chk_haproxy_process {
            script "/usr/bin/pgrep -x haproxy"
            interval 2
            weight -20
            fall 2
            rise 2
            timeout 2
        }

        vrrp_script chk_haproxy_http {
            script "/bin/bash -c 'curl -sf --max-time 2 http://127.0.0.1/health'"
            interval 5
            weight -30
            fall 3
            rise 2
            timeout 3
        }

        vrrp_script chk_gateway {
            script "/bin/ping -c 1 -W 1 10.0.0.1"
            interval 10
            weight -10
            fall 3
            rise 2
        }

        vrrp_instance VI_HTTP {
            state MASTER
            interface bond0
            virtual_router_id 51
            priority 150
            advert_int 1
            preempt_delay 30
            authentication {
                auth_type PASS
                auth_pass Pr0d$ecr3t
            }
            unicast_src_ip 10.0.1.11
            unicast_peer { 10.0.1.12 }
            virtual_ipaddress {
                10.0.1.100/24 dev bond0 label bond0:http
                2001:db8::100/64 dev bond0 label bond0:http6
            }
            track_script {
                chk_haproxy_process
                chk_haproxy_http
                chk_gateway
            }
            track_interface {
                bond0 weight -50
            }
            notify /etc/keepalived/notify-webhook.sh
        }

        vrrp_instance VI_DB {
            state BACKUP
            interface bond0
            virtual_router_id 52
            priority 100
            advert_int 1
            nopreempt
            authentication {
                auth_type PASS
                auth_pass Db$ecr3t
            }
            unicast_src_ip 10.0.1.11
            unicast_peer { 10.0.1.12 }
            virtual_ipaddress {
                10.0.2.100/24 dev bond0 label bond0:db
            }
        }
        """#
}
