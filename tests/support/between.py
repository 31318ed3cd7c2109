"""Passes messages between one gateway and a daemon, so that a test can act before a request or change a reply."""

import threading

import zmq


class Between(threading.Thread):
    """on_request(message) is called before a request is passed on; if it returns True, the daemon is gone for the
    gateway. on_reply(message) returns what the gateway receives. Both may be replaced while the thread runs."""

    def __init__(self, endpoint, on_request=None, on_reply=None):
        super().__init__(daemon=True)
        self.on_request, self.on_reply, self.ended = on_request, on_reply, False
        self.near, self.far = (zmq.Context.instance().socket(kind) for kind in (zmq.ROUTER, zmq.DEALER))
        self.near.linger = self.far.linger = 0
        self.endpoint = f"tcp://127.0.0.1:{self.near.bind_to_random_port('tcp://127.0.0.1')}"
        self.far.connect(endpoint)
        self.start()

    def run(self):
        poller, client = zmq.Poller(), None
        for one in (self.near, self.far):
            poller.register(one, zmq.POLLIN)
        while not self.ended:
            ready = dict(poller.poll(100))
            if self.far in ready:
                *frames, reply = self.far.recv_multipart()
                self.near.send_multipart([client, *frames, self.on_reply(reply) if self.on_reply else reply])
            if self.near in ready:
                client, *message = self.near.recv_multipart()
                if self.on_request and self.on_request(message[-1]):
                    self.ended = True
                self.far.send_multipart(message)
        self.near.close()
        self.far.close()

    def stop(self):
        self.ended = True
        self.join()
