"""What ``serve`` answers over HTTP: one file for each thing that is served.

``app`` says what lies where; ``api`` finds the version and request type; ``api_v1``, ``api_v2``, ``metrics`` and
``health`` make the answers, as jobs on the manager's work thread; ``answer`` carries them to the socket, on the event
loop, which only moves bytes. ``wire``, ``go``, ``go_json`` and ``body`` are cAdvisor's wire.
"""
