"""What an answer says where no attempt was seen: what a file holds, what it says of the device by itself."""
