class FFmpegError(Exception):
    strerror: str | None
