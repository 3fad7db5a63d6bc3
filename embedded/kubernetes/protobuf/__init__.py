"""Objects in protobuf, as some commands of kubectl send them. The server reads it, and answers in JSON."""
