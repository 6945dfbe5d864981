"""A broker of Debian's mosquitto, with its sessions and queues on disk."""

import os
import time

import harness
import mqtt_publisher

CONFIG = """
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
autosave_interval {autosave}
autosave_on_changes false
max_queued_messages 0
max_queued_bytes 0
max_inflight_messages 100
"""


class Broker(harness.Process):
    """autosave: seconds between writes of its state; SIGTERM writes it too."""

    def __init__(self, test, autosave=1800):
        self.port = harness.free_port()
        folder = test.path("mosquitto")
        os.makedirs(folder, exist_ok=True)
        os.chmod(test.folder, 0o755)
        os.chmod(folder, 0o777)  # the broker leaves root for its own user
        config = test.path("mosquitto.conf")
        with open(config, "w") as file:
            file.write(CONFIG.format(port=self.port, folder=folder, autosave=autosave))
        super().__init__(test, "mosquitto", ["/usr/sbin/mosquitto", "-c", config])

    def start(self, extra_env=None):
        super().start(extra_env)
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            try:
                probe = mqtt_publisher.Publisher(self.port, "probe")
                probe.connect(1)
                probe.close()
                return self
            except OSError:
                time.sleep(0.05)
        self.test.check(False, "mosquitto starts: %s" % self.output()[-500:])
        self.test.finish()
