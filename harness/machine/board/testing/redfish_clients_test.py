"""The Redfish mock, held against Debian's client for it: what sushy can do with it, a real service's client can.

    /usr/bin/python3 redfish_clients_test.py      skipped (77) where python3-sushy is not installed
"""
import os
import socket
import subprocess
import sys
import tempfile
import time

try:
    import sushy
    from sushy import auth
except ImportError:
    print("python3-sushy is not installed")
    sys.exit(77)

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
log = tempfile.NamedTemporaryFile()
mock = subprocess.Popen([os.path.join(os.path.dirname(os.path.abspath(__file__)), "redfish-mock"), str(port), log.name])
try:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            time.sleep(0.05)
    url = f"http://127.0.0.1:{port}"
    root = sushy.Sushy(url, auth=auth.BasicAuth("admin", "benchpw"))
    system = root.get_system_collection().get_members()[0]
    assert system.power_state == sushy.POWER_STATE_OFF, system.power_state
    system.reset_system(sushy.RESET_ON)
    system.refresh(force=True)
    assert system.power_state == sushy.POWER_STATE_ON, system.power_state
    system.set_system_boot_options(sushy.BOOT_SOURCE_TARGET_PXE, enabled=sushy.BOOT_SOURCE_ENABLED_ONCE)
    system.refresh(force=True)
    assert system.boot["target"] == sushy.BOOT_SOURCE_TARGET_PXE, system.boot
    cd = root.get_manager_collection().get_members()[0].virtual_media.get_members()[0]
    cd.insert_media("http://127.0.0.1/aios.iso")
    cd.refresh(force=True)
    assert cd.inserted and cd.image == "http://127.0.0.1/aios.iso"
    cd.eject_media()
    cd.refresh(force=True)
    assert not cd.inserted
    try:
        sushy.Sushy(url, auth=auth.BasicAuth("admin", "wrong")).get_system_collection()
        raise AssertionError("a wrong password was taken")
    except sushy.exceptions.AccessError:
        pass
    print("sushy", getattr(sushy, "__version__", ""), "works with the mock")
finally:
    mock.terminate()
    mock.wait()
