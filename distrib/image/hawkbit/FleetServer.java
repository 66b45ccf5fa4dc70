package fleet;

import org.eclipse.hawkbit.autoconfigure.security.EnableHawkbitManagedSecurityConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A hawkBit server that keeps everything in memory. */
@SpringBootApplication
@EnableHawkbitManagedSecurityConfiguration
public class FleetServer {
    public static void main(String[] arguments) {
        SpringApplication.run(FleetServer.class, arguments);
    }
}
