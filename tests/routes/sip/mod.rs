mod transports;
